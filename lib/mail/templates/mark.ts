/**
 * The product's logo on a background of its own, 72 × 72 pixels, in Base64. It is a PNG in the mail itself, because a
 * mail may load nothing from elsewhere, and few mail clients render SVG.
 */
const png = [
  "iVBORw0KGgoAAAANSUhEUgAAAEgAAABICAYAAABV7bNHAAAGzElEQVR4nOycC1BUVRjH/3dZeQUmCibgTMIkTKKOmWWFD/IxMqio",
  "Y4jgo7IiHG0c08o0xBm1pnGmMrNRGlQSQdwghJleYyqlSBrmaL5QAXUKZAERFlhg2dM5FxZ2cV/KuYvB/c3s5bv3PPbun/P4vnMf",
  "SjwIUYsjIZAoEBICAd4g9CMIbniUIWig20p6vpX07yVAfwiH0nPtLS7YzBEb6wUd1tMviqdieKA3QMg9+su/gRIfIy3trrWslgWK",
  "inIGlCupKB/RbF7olRAmzmaQlp1QqZrN5TAvUGSkJ1w8sqk4U9AXIOQwmjRLkJNT1zXpfoGio4OgV+bQlGD0JQi5AijmQpV61fiw",
  "qUDzlg6CUneKtpzh6JOQIjiRUKSnVxqOKDrSwsKUVJzcvisOQwhCqyJb1KKdToF8/NdScV6ETKioRTttXSwmxhs6RTHd84QMoxak",
  "+Sk6s6nbWlCrYossjgn9IThvZoaARYv6o5moafdyhkwnhDTBWRisQIt+iiyOGQTBhWlDR2tFOGQsoAhX0BhrDGTMQ7WhgzQZAhkL",
  "kCHMIepxgXw8PTHQwwNeHo+J+3c19ajWaKCuq0MPQwVig5GD8XR1xfzxzyF2wkuYMjIETgqF2Xytej2OXPgbaSfykfXHGWiamuBQ",
  "qDYCFiwicBD+Xl7YHP0KXn95Mh6GvcfykKjKxO2qajgKhwjk7emBhPnzED99KpyVSnSHppYWfP3LEWzNOowq2g2lRnKBptIulLlm",
  "FR53dwdPquj4FPX5Dhy7eAlS4oSQ0ZsgASzIS5g/F8nL4+DmzN8PdXdxwZJJE9DcosOJq0WQCskE2r9yOVZFhNNxzvay98PC6p42",
  "aiQCB/sg+0whpEABCVg3ZzYWTwyFo1g6eSLemz0TUsC9Bc0aO0bsVvZy+voNHDxZgJqGegz3bXPJfvjrHHILz0Lp5AT/gfZdL5g+",
  "epRY1/XyO+AJ1xbExoWUFfF255+x9VOM35CItalpOHOjuOM4s9fsT8Pz6zci4pNtdte3f2W8eA484SrQ+5EzRY/YXqrs8JTVtbWw",
  "l0HUI18dwTf25iYQ83XWzIqwmqemvgFX/y3Dw8LK1jY2Ws3zwZxZGMDRpeAm0LszI+BBQwhrzN32Geq7ES5otFqxDmt4urlhLccB",
  "m5tAC0Otr/e/sycFeZevoLscu3gZq1NSreaJCeV37YGLQCFD/RFAfRFLlFRUYCcND3jx5Y8/o/hOhcX0wCcGI9jXFzzgIlDkuLFW",
  "0zceyqRLvPwiGj2ta0tWNrpzTvbCRaBxgYEW05p1OnxXcBq8yaTLH2w5xBLPBgaAB1wE8rPizLFgUksjcN6w2Szv0mWL6X5efG5I",
  "4SOQlZM5f/MWpOLCrdsW0/wGDgAPuCx3kAzLs0phcYk4PRtgTd/gDhinDfPxwZM+3qJ9U12JUrVatNm0PTZgmGizvKyMgf407Zn2",
  "tK40UHfisaVvoLt0b/XKDlj38x1g/r9paZxgQhnEMoYJO3nE0x37ZXdrYAleIYck0XxvQvIWlPvnWaSfPNWxvztuGYLafZS4pGRc",
  "KysX7dfCJuFVumzBSMn7HfuO/ybawX6+2PXWMtEuKivD20l7OupiDmHcNGlvgpNcoLKaGhw3mm002s5Q4ywdTwpLSkU7LKSz67Dx",
  "x1DGePyqa9Sa1GVcRirkLmYDWSAbyALZQBbIBrJANpAFsoHk03xXqo0uF1dr6i0ct207Coe3oES6NsQ4SJ3HkvZ4i5F8NA8V92rF",
  "D7MNFFeokZFfINqbVFlwNA5vQflF15BDvesP0zNMjrO1anbnhsE2Zl3aQbj26yeWdTQOF4gR/cUOs2tEyUePQ29mEayURvcLt3+F",
  "nqBHBLK0gNbS2vrAZaRGnsVsIAtkA1kgG8gC2UAWyAZcZjFrl19KK9SQCla3te/mgYCoWG1P3Cv9v4CQJtbFyiFjiXIqkCALZBGB",
  "CiTgHGTMQ7WhLUj/E2TMQ/TZCvRTHBUfP5QxhZBmeHn+qsCBA7V0FtsHGVMEYS+SklraHEUnfSLdaiFjQAvSnMCMNoHS0+/QJrUb",
  "Mu2Q7eyZeWZ1hhpNmgQq0nnIFMDdeZNhx/RJk6gof8C5gB4dir4IwXXonF7A999WGQ6ZBqsq1T90y+4Gt//29l4DqYRCF24sDuP+",
  "aF514AIdoAKomvnoM5AjIC3ByMi40TXF/HKHSlWNkOET6Zj0Ji3M9/GZRwkCdrN1HEYEzRB/sxlsP+3GXtfl6rGBVrail73kbRe0",
  "mq3mXstlzIM9DrggZjZtdAuoNUJ8RSDYawLB92FU3hDSKL4ikLBXBQoXQQQVVKk59hb/DwAA//8hVkRVAAAABklEQVQDAA70UuYl",
  "lL/KAAAAAElFTkSuQmCC",
].join("");

/** The Content-ID by which the HTML part of a mail refers to the logo. */
export const MARK_CID = "mark@gatehouse";

/** The logo as an attachment of a mail. */
export const markImage = {
  cid: MARK_CID,
  filename: "gatehouse.png",
  content: png,
  encoding: "base64",
  contentType: "image/png",
  contentDisposition: "inline" as const,
};

/** The logo for a mail that is viewed in a browser. */
export const markDataUrl = `data:image/png;base64,${png}`;
