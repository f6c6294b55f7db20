// The picture of a page: taken when its bytes are those of a picture, shown from the next drawing on.
import { createHash } from 'node:crypto'
import type { Actor } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { type ImageKind, judgeImage } from '../core/index.ts'
import { imageChanged } from '../images.contract.ts'
import { deleteImage, type ImageRow, saveImage } from '../images.store.ts'
import { countRevision } from '../status.store.ts'
import { needPage } from './find-page.ts'

interface ImageOrder {
  readonly page: string
  readonly kind: ImageKind
  readonly actor: Actor
}

export async function uploadImage(needs: Needs, order: ImageOrder & { readonly data: string }): Promise<ImageRow> {
  const { kind, actor } = order
  const bytes = Buffer.from(order.data, 'base64')
  const verdict = judgeImage(kind, bytes)
  if (!verdict.ok)
    throw new AppError('invalid', 'status.image-refused', verdict.because, {
      faults: [{ pointer: '/data', detail: verdict.because }],
    })
  return needs.database.transaction(async (tx) => {
    const { name: page } = await needPage(tx, order.page)
    const digest = createHash('sha256').update(bytes).digest('base64url').slice(0, 22)
    const row = { page, kind, type: verdict.type, digest }
    await saveImage(tx, { ...row, bytes, by: actor.name })
    await countRevision(tx)
    const data = { page, kind, digest }
    await needs.journal.publish(tx, imageChanged, { actor, subject: { kind: 'status-page', id: page }, data })
    return row
  })
}

export async function removeImage(needs: Needs, { page, kind, actor }: ImageOrder): Promise<void> {
  await needs.database.transaction(async (tx) => {
    await needPage(tx, page)
    if (!(await deleteImage(tx, page, kind)))
      throw new AppError('not-found', 'status.no-image', `The page has no ${kind}.`)
    await countRevision(tx)
    const data = { page, kind, digest: null }
    await needs.journal.publish(tx, imageChanged, { actor, subject: { kind: 'status-page', id: page }, data })
  })
}
