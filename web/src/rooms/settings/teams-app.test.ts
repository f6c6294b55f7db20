import { expect, test } from 'vitest'
import { teamsManifest } from './teams-app.ts'

const id = '0e0f1a2b-3c4d-4e5f-8a9b-0c1d2e3f4a5b'

// Limits of the manifest's schema 1.16: Teams refuses a package that breaks one, without saying which.
test('the manifest keeps to its schema', () => {
  const manifest = JSON.parse(teamsManifest(id, 'https://mainstay.example'))
  expect(manifest).toMatchObject({
    id,
    manifestVersion: '1.16',
    bots: [{ botId: id, scopes: ['team', 'personal'] }],
    composeExtensions: [{ botId: id, commands: [{ id: 'declare' }, { id: 'keep', context: ['message'] }] }],
    webApplicationInfo: { id },
  })
  expect(manifest.name.short.length).toBeLessThanOrEqual(30)
  expect(manifest.description.short.length).toBeLessThanOrEqual(80)
  expect(manifest.bots[0].commandLists[0].commands.length).toBeLessThanOrEqual(10)
  for (const { title, description } of manifest.bots[0].commandLists[0].commands) {
    expect(title.length).toBeLessThanOrEqual(32)
    expect(description.length).toBeLessThanOrEqual(128)
  }
  for (const { title, description } of manifest.composeExtensions[0].commands) {
    expect(title.length).toBeLessThanOrEqual(32)
    expect(description.length).toBeLessThanOrEqual(128)
  }
  for (const url of ['websiteUrl', 'privacyUrl', 'termsOfUseUrl']) expect(manifest.developer[url]).toMatch(/^https:/)
})
