import { expect, test } from 'vitest'
import { keyBytes } from './web-push.ts'

test('a VAPID key is read from unpadded base64url', () => {
  expect([...keyBytes('_-8AAQ')]).toEqual([255, 239, 0, 1])
})
