import { greeting, type LetterContent, type LetterFrame } from "./letter";
import { MARK_CID } from "./mark";

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}

const FONT = "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const MONO = "ui-monospace,SFMono-Regular,Menlo,Consolas,monospace";

// The light colours are inline, for mail clients that drop style sheets. The sheet adds dark colours and the margins
// for phones.
const SHEET = `
:root{color-scheme:light dark;supported-color-schemes:light dark}
a{text-decoration:underline;text-underline-offset:2px}
@media (max-width:520px){.ground{padding:0!important}.card{border-radius:0!important;border-left:0!important;border-right:0!important}.pad{padding-left:20px!important;padding-right:20px!important}.term,.value{display:block!important;width:auto!important}.term{padding:10px 14px 0!important}.value{padding:0 14px 10px!important;border-top:0!important}.button{display:block!important;text-align:center!important}}
@media (prefers-color-scheme:dark){.ground{background:#101618!important}.card{background:#171e20!important;border-color:#2b3536!important}.ink{color:#ecf1f1!important}.muted{color:#b3bdbd!important}.faint{color:#96a1a2!important}.link{color:#75d8cf!important}.button{background:#75d8cf!important;color:#02181a!important}.rule{border-color:#2b3536!important}.facts{background:#101618!important}}
`;

/**
 * Markup that only Outlook for Windows reads. It renders mails with Word, which knows neither `max-width` nor the padding of
 * a link; to every other program it is a comment.
 */
const forWord = (html: string) => `<!--[if mso]>${html}<![endif]-->`;

/** The label of a button, with the room that padding gives it elsewhere: blanks at its sides, the first of them raised. */
const buttonLabel = (label: string) =>
  `${forWord('<i style="mso-font-width:133%;mso-text-raise:16pt" hidden>&emsp;</i><span style="mso-text-raise:8pt">')}${escapeHtml(label)}${forWord('</span><i style="mso-font-width:133%" hidden>&emsp;&#8203;</i>')}`;

const paragraph = (text: string) =>
  `<p class="ink" style="margin:0 0 16px;color:#132124">${escapeHtml(text)}</p>`;

function actionBlock(action: NonNullable<LetterContent["action"]>): string {
  const url = escapeHtml(action.url);
  return `<p style="margin:24px 0 12px"><a class="button" href="${url}" style="display:inline-block;padding:11px 20px;border-radius:7px;background:#00595e;color:#ffffff;font-weight:600;text-decoration:none;mso-padding-alt:0">${buttonLabel(action.label)}</a></p>
<p class="muted" style="margin:0 0 12px;font-size:14px;line-height:21px;color:#404f52">${escapeHtml(action.note)}</p>
<p class="faint" style="margin:0 0 20px;font-size:13px;line-height:19px;color:#566567">If the button does nothing, copy this address into your browser:<br><a class="link" href="${url}" style="color:#00595e;font-family:${MONO};font-size:12px;word-break:break-all">${url}</a></p>`;
}

function factsBlock(facts: NonNullable<LetterContent["facts"]>): string {
  const rows = facts.map(({ term, value }, index) => {
    const line = index === 0 ? "" : "border-top:1px solid #d9e0e0;";
    return `<tr><td class="term muted rule" style="${line}padding:9px 14px;width:128px;vertical-align:top;color:#404f52">${escapeHtml(term)}</td><td class="value ink rule" style="${line}padding:9px 14px 9px 0;vertical-align:top;color:#132124">${escapeHtml(value)}</td></tr>`;
  });
  return `<table role="presentation" class="facts" cellspacing="0" cellpadding="0" border="0" width="100%" style="margin:20px 0;border-collapse:separate;border-radius:7px;background:#f2f6f6;font-size:14px;line-height:20px">${rows.join("")}</table>`;
}

/**
 * Renders the HTML part of a mail. It loads nothing from elsewhere, and every text in it is escaped. Its table has the
 * language and the direction, because webmail keeps neither `html` nor `body`, and the page around it may have others.
 */
export function renderHtml(letter: LetterContent, { baseUrl }: LetterFrame): string {
  const { subject, preview, title = subject, greets, paragraphs, action, facts = [], closing = [] } = letter;
  const hello = greeting(greets);
  const body = [
    `<h1 class="ink" style="margin:0 0 20px;font-size:22px;line-height:28px;font-weight:600;letter-spacing:-0.018em;color:#132124">${escapeHtml(title)}</h1>`,
    ...(hello ? [paragraph(hello)] : []),
    ...paragraphs.map(paragraph),
    ...(action ? [actionBlock(action)] : []),
    ...(facts.length > 0 ? [factsBlock(facts)] : []),
    ...closing.map(paragraph),
  ].join("\n");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no,date=no,address=no,email=no">
<title>${escapeHtml(subject)}</title>
<style>${SHEET}</style>
</head>
<body class="ground" style="margin:0;padding:0;background:#f2f6f6">
<div style="display:none;max-height:0;overflow:hidden">${escapeHtml(preview)}</div>
<table role="presentation" class="ground" lang="en" dir="ltr" cellspacing="0" cellpadding="0" border="0" width="100%" style="background:#f2f6f6;padding:32px 12px;font-family:${FONT};font-size:15px;line-height:23px;overflow-wrap:anywhere">
<tr><td align="center">
${forWord('<table role="presentation" cellspacing="0" cellpadding="0" border="0" width="560"><tr><td>')}
<table role="presentation" class="card" cellspacing="0" cellpadding="0" border="0" width="100%" style="max-width:560px;background:#ffffff;border:1px solid #d9e0e0;border-radius:7px;text-align:left">
<tr><td class="pad rule" style="padding:18px 32px;border-bottom:1px solid #d9e0e0">
<table role="presentation" cellspacing="0" cellpadding="0" border="0"><tr>
<td style="padding-right:10px;line-height:0"><img src="cid:${MARK_CID}" width="28" height="28" alt="" style="display:block;border:0"></td>
<td class="ink" style="font-size:16px;font-weight:600;letter-spacing:-0.01em;color:#132124">Gatehouse</td>
</tr></table>
</td></tr>
<tr><td class="pad" style="padding:28px 32px 16px">
${body}
</td></tr>
<tr><td class="pad rule faint" style="padding:16px 32px;border-top:1px solid #d9e0e0;font-size:13px;line-height:19px;color:#566567">Gatehouse at <a class="link" href="${escapeHtml(baseUrl)}" style="color:#00595e">${escapeHtml(baseUrl)}</a>. This message was sent automatically. Replies are not read.</td></tr>
</table>
${forWord("</td></tr></table>")}
</td></tr>
</table>
</body>
</html>
`;
}
