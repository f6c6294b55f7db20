// The app people add in Teams: its manifest, and the package an administrator uploads. The icons are ours, the small one
// drawn from the mark that notifications show.
import { zipOf } from '../../parts/zip.ts'

/** `id` is the bot's own application id; `url` where this server is reached. */
export function teamsManifest(id: string, url: string): string {
  const scopes = ['team', 'personal']
  const commands = [
    ['declare', 'declare sev2 SENTENCE: an incident, and its thread'],
    ['ack', 'you are on it'],
    ['status', 'how it stands'],
    ['update', 'update TEXT: tells the company'],
    ['help', 'everything that can be written'],
  ].map(([title, description]) => ({ title, description }))
  const manifest = {
    $schema: 'https://developer.microsoft.com/json-schemas/teams/v1.16/MicrosoftTeams.schema.json',
    manifestVersion: '1.16',
    version: '1.0.0',
    id,
    developer: { name: 'Mainstay', websiteUrl: url, privacyUrl: url, termsOfUseUrl: url },
    name: { short: 'Mainstay', full: 'Mainstay incidents' },
    description: {
      short: 'Lead incidents where you talk.',
      full: 'Incidents of Mainstay in a channel: a thread for each, commands, buttons, and messages kept in the timeline.',
    },
    icons: { color: 'color.png', outline: 'outline.png' },
    accentColor: '#1f4e8c',
    bots: [
      {
        botId: id,
        scopes,
        supportsFiles: false,
        isNotificationOnly: false,
        commandLists: [{ scopes, commands }],
      },
    ],
    composeExtensions: [
      {
        botId: id,
        commands: [
          {
            id: 'declare',
            type: 'action',
            title: 'Declare an incident',
            description: 'Opens a form',
            context: ['compose', 'commandBox'],
            fetchTask: true,
          },
          {
            id: 'keep',
            type: 'action',
            title: 'Keep in the timeline',
            description: 'Of the incident whose thread this is',
            context: ['message'],
            fetchTask: true,
          },
        ],
      },
    ],
    validDomains: [],
    webApplicationInfo: { id, resource: 'https://RscBasedStoreApp' },
    authorization: { permissions: { resourceSpecific: [{ name: 'ChannelMessage.Read.Group', type: 'Application' }] } },
  }
  return JSON.stringify(manifest, null, 2)
}

export async function teamsPackage(id: string, url: string): Promise<Uint8Array<ArrayBuffer>> {
  const manifest = new TextEncoder().encode(teamsManifest(id, url))
  return zipOf([
    { name: 'manifest.json', bytes: manifest },
    { name: 'color.png', bytes: await pictureOf('/icon-192.png', 192) },
    { name: 'outline.png', bytes: await pictureOf('/badge-96.png', 32) },
  ])
}

async function pictureOf(path: string, size: number): Promise<Uint8Array> {
  const image = new Image()
  image.src = path
  await image.decode()
  const canvas = document.createElement('canvas')
  canvas.width = size
  canvas.height = size
  canvas.getContext('2d')?.drawImage(image, 0, 0, size, size)
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'))
  if (blob === null) throw new Error('This browser could not draw the icon.')
  return new Uint8Array(await blob.arrayBuffer())
}
