// Webhooks that policies page: declared elsewhere, tried and given another secret here.
import type { Webhook, WebhookSecret } from '../../../client/src/index.ts'
import { client } from './http.ts'

export type { Webhook }

export const webhooks = {
  list: (signal: AbortSignal) => client['webhooks.list']({ signal }),
  test: (name: string) => client['webhooks.test']({ params: { name } }),
  /** What is made is shown once. */
  replaceSecret: (name: string): Promise<WebhookSecret> =>
    client['webhooks.replace-secret']({ params: { name }, body: {} }),
}
