// The message as a small HTML mail: no picture, no script, nothing loaded from anywhere. Mail clients drop style
// sheets, so styles stand on the elements.
import type { Outgoing } from '../../modules/notifications/notifications.ports.ts'

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => escapes[sign] ?? sign)
}

const button =
  'display:inline-block;padding:16px 28px;background:#0b5fff;color:#ffffff;font-size:18px;font-weight:bold;text-decoration:none;border-radius:8px'

export function htmlOf({ message, ackUrl, openUrl }: Pick<Outgoing, 'message' | 'ackUrl' | 'openUrl'>): string {
  const lines = message.body.split('\n').filter((line) => line !== '' && (ackUrl === null || !line.includes(ackUrl)))
  const facts = lines.filter((line) => !line.startsWith('Open: ')).map(paragraph)
  return [
    '<!doctype html><html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
    `<title>${escapeHtml(message.subject)}</title></head>`,
    '<body style="margin:0;padding:16px;font-family:sans-serif;font-size:16px;line-height:1.4;color:#111111">',
    `<h1 style="font-size:20px;margin:0 0 12px">${escapeHtml(message.subject)}</h1>`,
    ackUrl === null
      ? ''
      : `<p style="margin:0 0 16px"><a href="${escapeHtml(ackUrl)}" style="${button}">Acknowledge</a></p>`,
    ...facts,
    `<p style="margin:16px 0 0"><a href="${escapeHtml(openUrl)}">Open in Mainstay</a></p>`,
    '</body></html>',
  ].join('\n')
}

function paragraph(line: string): string {
  const [, label, rest] = /^([A-Z][A-Za-z ]{1,20}): (.*)$/s.exec(line) ?? []
  const text = label === undefined ? escapeHtml(line) : `<b>${escapeHtml(label)}:</b> ${escapeHtml(rest ?? '')}`
  return `<p style="margin:0 0 6px">${text}</p>`
}
