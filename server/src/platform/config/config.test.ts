import { expect, test } from 'vitest'
import { readConfig } from './config.ts'

test.each([
  { set: 'MAINSTAY_MAIL_TLS_CERT', missing: 'MAINSTAY_MAIL_TLS_KEY' },
  { set: 'MAINSTAY_MAIL_TLS_KEY', missing: 'MAINSTAY_MAIL_TLS_CERT' },
])('$set alone is a mistake: mails would come unencrypted', ({ set, missing }) => {
  expect(() => readConfig({ [set]: '/etc/mail.pem' })).toThrow(
    expect.objectContaining({
      code: 'config.invalid',
      details: expect.objectContaining({
        faults: [{ pointer: missing, detail: `${missing} must be set, because ${set} is.` }],
      }),
    }),
  )
  expect(
    readConfig({ [set]: '/etc/mail.pem', [missing]: '/etc/mail.key' }).get('MAINSTAY_MAIL_TLS_CERT'),
  ).not.toBeNull()
})
