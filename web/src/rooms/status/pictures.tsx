// The logo and the icon of a page: shown as they are, replaced by a file, taken away.
import { Button, FileButton } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { RemoveButton } from '../../parts/remove-button.tsx'
import { type StatusPageView, status } from '../../shell/api.ts'
import { queries } from '../../shell/queries.ts'

const kinds = {
  logo: { title: 'Logo', hint: 'PNG or WebP, 200 kB and 2,000 × 2,000 pixels at most. Shown in place of the title.' },
  icon: { title: 'Icon', hint: 'PNG or WebP, 50 kB and 512 × 512 pixels at most. Shown in the tab of the browser.' },
} as const

export function Pictures({ page }: { page: StatusPageView }) {
  return (
    <ul className="rows">
      <Picture page={page} kind="logo" />
      <Picture page={page} kind="icon" />
    </ul>
  )
}

async function base64Of(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  let text = ''
  for (const each of bytes) text += String.fromCharCode(each)
  return btoa(text)
}

function Picture({ page, kind }: { page: StatusPageView; kind: 'logo' | 'icon' }) {
  const { title, hint } = kinds[kind]
  const url = page[kind]
  const refresh = () => queries.invalidateQueries({ queryKey: ['status'] })
  const upload = useMutation({
    mutationFn: async (file: File) => status.uploadImage(page.name, kind, await base64Of(file)),
    onSuccess: refresh,
  })
  const remove = useMutation({ mutationFn: () => status.removeImage(page.name, kind), onSuccess: refresh })
  return (
    <li>
      <span className="grow">
        <strong>{title}</strong>
        <br />
        <span className="soft">{hint}</span>
        <ProblemNote error={upload.error ?? remove.error} />
      </span>
      {url !== null && <img className={`status-picture ${kind}`} src={url} alt={`${title} of ${page.title}`} />}
      <FileButton accept="image/png,image/webp" onChange={(file) => file !== null && upload.mutate(file)}>
        {(props) => (
          <Button {...props} size="compact-sm" variant="default" loading={upload.isPending}>
            {url === null ? 'Upload' : 'Replace'}
          </Button>
        )}
      </FileButton>
      {url !== null && (
        <RemoveButton word="Remove" of={title} loading={remove.isPending} onClick={() => remove.mutate()} />
      )}
    </li>
  )
}
