import { expect, test } from 'vitest'
import { demoRoom, rooms } from './rooms.ts'

test('each room has keys, an address and a name of its own', () => {
  const all = [...rooms, demoRoom]
  for (const of of ['id', 'jump', 'path', 'title'] as const)
    expect(new Set(all.map((room) => room[of])).size).toBe(all.length)
})
