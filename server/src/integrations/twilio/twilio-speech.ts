// What a call says, as TwiML: who is down, press 4, said twice, then a goodbye that tells what happens next.
import type { Message } from '../../modules/notifications/core/index.ts'

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

export function escapeXml(text: string): string {
  // Control characters have no place in XML 1.0 at all.
  return text.replace(/\p{Cc}/gu, ' ').replace(/[&<>"']/g, (sign) => escapes[sign] ?? sign)
}

export const sayTwiml = (...sentences: readonly string[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?><Response>${sentences.map(say).join('')}</Response>`

/** An empty answer: Twilio then sends nothing back. */
export const emptyTwiml = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>'

export const replyTwiml = (text: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><Response><Message>${escapeXml(text)}</Message></Response>`

function say(text: string): string {
  return `<Say>${escapeXml(text)}</Say>`
}

/** `action` takes the pressed digit; null for a message that asks nothing. */
export function spokenPage(message: Message, action: string | null): string {
  // Six digits are a code: spoken one by one, or nobody writes them down.
  const text = message.short.replace(/\b\d{6}\b/g, (code) => [...code].join(', '))
  const pause = '<Pause length="1"/>'
  if (action === null)
    return `<?xml version="1.0" encoding="UTF-8"?><Response>${pause}${say(text)}${pause}${say(text)}</Response>`
  const ask = say('Press 4 to acknowledge.')
  return [
    '<?xml version="1.0" encoding="UTF-8"?><Response>',
    `<Gather numDigits="1" timeout="8" method="POST" action="${escapeXml(action)}">`,
    `${pause}${say(`Mainstay. ${text}`)}${ask}${pause}${say(text)}${ask}`,
    '</Gather>',
    say('You did not press 4. This page is not acknowledged. Goodbye.'),
    '</Response>',
  ].join('')
}
