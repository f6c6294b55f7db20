// The picture of the schema is a golden file: a migration that changes more than its author meant shows here.
import path from 'node:path'
import { expect, test } from 'vitest'
import { openTestDatabase } from '../database.ts'
import { drawSchema } from '../schema-picture.ts'

test('the migrations produce the picture in server/migrations/schema.sql', async () => {
  const database = await openTestDatabase('picture')
  const picture = await drawSchema(database.connection)
  await database.close()
  await expect(picture).toMatchFileSnapshot(path.resolve(import.meta.dirname, '../../migrations/schema.sql'))
})
