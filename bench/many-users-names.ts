// Names of people and domains, the most frequent first: many-users-rows.ts draws the first ones most often.

const list = (text: string) => text.trim().split(/\s+/);

export const firstNames = list(`
  Maria James Anna John Mohammed David Elena Michael Sofia Robert Wei Emma Thomas Julia Daniel Olivia Peter Laura
  Martin Fatima Andreas Sarah Lucas Yuki Jan Isabel Paul Nina Marco Aisha Christian Eva Stefan Lena Carlos Ingrid
  Ahmed Katarzyna Liam Chiara Sebastian Amélie Mateo Hannah Óscar Zoë Piotr Camille Hiroshi Priya Björn Aleksandra
  Noah Lucía Henrik Mei Tomáš Leila Antoine Åse Viktor Nadia Giovanni Sinéad Ravi Elif Gustav Chloé Pedro Hana Søren
  Ada Emil Beatriz Nikola Freya Karim Margarethe Dmitri Alva Thiago Rosa Ulrich Noor Casper Željka Ibrahim Saga Otto
  Valentina Kwame Runa Jürgen Imani Bartholomew Siobhán Xavier Quentin Wilhelmina Zbigniew
`);

export const lastNames = list(`
  Smith García Müller Wang Johnson Silva Martin Novák Kowalski Rossi Andersson Kim Brown Fernández Schmidt Nguyen
  Jones Nielsen Khan Dubois Schneider Williams López Ivanova Hansen Singh Fischer Taylor Tanaka Peeters Weber Costa
  Wilson Meyer Horvat Eriksson Ali Becker Moreau Davies Lindqvist Santos Wagner Evans Jansen Ricci Öztürk Schulz
  Walker Popescu Hoffmann Romano Yılmaz Robinson Bauer Larsen Laurent Thompson Richter Sato Murphy Klein Østby Patel
  Wright Wolf Chen Marino Neumann O'Brien Haddad Schwarz Hughes Petrov Zimmermann Green Braun Virtanen Krüger Greco
  Hofmann Campbell Hartmann Olsen Lange Kozlov Werner Nakamura Krause Baker Lehmann Adeyemi Köhler Lovelace Maier
  Castellanos Fitzgerald Papadopoulos Vandenberghe Xanthopoulos Quispe Szczepański Wojciechowska
`);

export const domains = list(`
  example.com example.org mail.example.net post.example.de acme.example works.example.co.uk north.example.se
  campus.example.edu city.example.fr devices.example.io plant-4.example.com lab.example.jp home.example.es
  logistics.example.pl energy.example.dk water.example.nl rail.example.it harbour.example.no school.example.at
`);
