// The demo's own room: plugged in only by `mainstay up --demo`, and seen by nothing else of the product.
import { AppError } from '../../kernel/app-error.ts'
import { formatInstant, instant } from '../../kernel/instant.ts'
import { route } from '../../platform/http/operation.ts'
import type { Room } from '../../platform/room/room.ts'
import { breakShop, demoErrors, readDemo, repairShop } from './demo.contract.ts'

/** The switches of the shop, handed in by the command that started it. */
export interface ShopSwitches {
  readonly url: string
  readonly modes: readonly { readonly mode: string; readonly meaning: string }[]
  readonly status: () => Promise<readonly ShopService[]>
  readonly break: (service: string, mode: string | undefined) => Promise<unknown>
  readonly repair: (service: string | undefined) => Promise<unknown>
}

export interface ShopService {
  readonly name: string
  readonly state: string
  readonly mode: string | null
  readonly version: string | null
  readonly url: string | null
}

/** A mailbox on loopback that keeps what arrives. */
export interface LocalMailbox {
  readonly port: number
  readonly list: () => readonly {
    readonly id: string
    readonly to: string
    readonly subject: string
    readonly at: number
    readonly text: string
    readonly ackUrl: string | null
  }[]
}

/** A webhook receiver on loopback that keeps what arrives. */
export interface LocalReceiver {
  readonly url: string
  readonly list: () => readonly {
    readonly id: string
    readonly at: number
    readonly type: string
    readonly verified: boolean
    readonly body: string
  }[]
}

export interface DemoParts {
  readonly shop: ShopSwitches
  readonly mails: LocalMailbox
  readonly webhooks: LocalReceiver
}

const shownMails = 20

export function demoRoom({ shop, mails, webhooks }: DemoParts): Room {
  const read = async () => {
    const status = await shop.status().then(
      (services) => ({ services, error: null }),
      (error: unknown) => ({ services: [], error: error instanceof Error ? error.message : String(error) }),
    )
    return {
      services: status.services.map((each) => ({ ...each })),
      modes: shop.modes.map((each) => ({ ...each })),
      mails: mails
        .list()
        .slice(0, shownMails)
        .map((mail) => ({ ...mail, at: formatInstant(instant(mail.at)) })),
      webhooks: webhooks
        .list()
        .slice(0, shownMails)
        .map((hook) => ({ ...hook, at: formatInstant(instant(hook.at)) })),
      webhookUrl: webhooks.url,
      shopUrl: shop.url,
      error: status.error,
    }
  }
  const turn = async (act: () => Promise<unknown>) => {
    try {
      await act()
    } catch (error) {
      throw new AppError('invalid', 'demo.refused', error instanceof Error ? error.message : String(error))
    }
    return read()
  }
  return {
    name: 'demo',
    operations: [
      route(readDemo, read),
      route(breakShop, ({ body }) => turn(() => shop.break(body.service, body.mode))),
      route(repairShop, ({ body }) => turn(() => shop.repair(body.service))),
    ],
    errors: demoErrors,
  }
}
