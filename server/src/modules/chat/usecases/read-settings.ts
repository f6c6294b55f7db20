// What was declared about a chat; null when nothing was, and then nothing is opened there.
import type { Queries } from '../../../platform/database/queries.ts'
import { findResource, findResources } from '../../catalog/index.ts'
import type { ChatProvider } from '../chat.ports.ts'
import { type ChatSettings, readChatSettings } from '../core/index.ts'

export async function readSettings(queries: Queries, provider: ChatProvider): Promise<ChatSettings | null> {
  const stored = await findResource(queries, { kind: 'ChatConnection', name: provider })
  return stored === null ? null : readChatSettings(stored.document.spec)
}

export async function isAnyDeclared(queries: Queries, providers: readonly ChatProvider[]): Promise<boolean> {
  const keys = providers.map((name) => ({ kind: 'ChatConnection', name }))
  return (await findResources(queries, keys)).length > 0
}
