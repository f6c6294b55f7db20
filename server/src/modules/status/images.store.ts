// All SQL on the pictures of status pages.
import type { Tx } from '../../platform/database/database.ts'
import { type Queries, sql } from '../../platform/database/queries.ts'
import type { ImageKind } from './core/index.ts'

export interface ImageRow {
  readonly page: string
  readonly kind: ImageKind
  readonly type: string
  readonly digest: string
}

export interface Image extends ImageRow {
  readonly bytes: Buffer
}

const columns = sql`page, kind, type, digest`

export async function listImages(queries: Queries): Promise<readonly ImageRow[]> {
  return queries.many(sql<ImageRow>`select ${columns} from status_images order by page, kind`)
}

/** Those of the digests, with their bytes: a process reads each picture once. */
export async function readImages(queries: Queries, digests: readonly string[]): Promise<readonly Image[]> {
  return digests.length === 0
    ? []
    : queries.many(sql<Image>`select ${columns}, bytes from status_images where digest = any(${[...digests]})`)
}

export async function saveImage(tx: Tx, image: Image & { readonly by: string }): Promise<void> {
  await tx.run(sql`
    insert into status_images (page, kind, type, bytes, digest, uploaded_by)
    values (${image.page}, ${image.kind}, ${image.type}, ${image.bytes}, ${image.digest}, ${image.by})
    on conflict (page, kind) do update set type = excluded.type, bytes = excluded.bytes, digest = excluded.digest,
      uploaded_at = mainstay_now(), uploaded_by = excluded.uploaded_by`)
}

/** False when there was none. */
export async function deleteImage(tx: Tx, page: string, kind: ImageKind): Promise<boolean> {
  return (await tx.run(sql`delete from status_images where page = ${page} and kind = ${kind}`)) === 1
}

export async function deleteImagesOf(tx: Tx, page: string): Promise<void> {
  await tx.run(sql`delete from status_images where page = ${page}`)
}
