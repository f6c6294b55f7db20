// What a post says in the other languages of its page; what is left empty is shown as it was written.
import { Textarea, TextInput } from '@mantine/core'
import type { StatusPageView } from '../../shell/api.ts'

type Language = StatusPageView['languages'][number]
export type Translated = Readonly<Partial<Record<Language, string>>>

interface Texts {
  readonly of: Translated
  readonly set: (texts: Translated) => void
}

/** Without the fields nobody filled. */
export function written(texts: Translated): Record<string, string> {
  return Object.fromEntries(
    Object.entries(texts).flatMap(([language, text]) => (text.trim() === '' ? [] : [[language, text.trim()]])),
  )
}

const nameOf = (language: string): string =>
  new Intl.DisplayNames(['en'], { type: 'language' }).of(language) ?? language

export function TranslationFields({
  page,
  titles,
  bodies,
}: {
  page: StatusPageView
  titles: Texts | null
  bodies: Texts
}) {
  const [, ...others] = page.languages
  return others.map((language) => (
    <details key={language} className="translation">
      <summary>
        In {nameOf(language)}
        {(bodies.of[language] ?? '') === '' && <span className="soft"> (shown as written above)</span>}
      </summary>
      {titles !== null && (
        <TextInput
          label={`Title in ${nameOf(language)}`}
          lang={language}
          value={titles.of[language] ?? ''}
          onChange={(event) => titles.set({ ...titles.of, [language]: event.currentTarget.value })}
          maxLength={200}
        />
      )}
      <Textarea
        label={`What customers read in ${nameOf(language)}`}
        lang={language}
        value={bodies.of[language] ?? ''}
        onChange={(event) => bodies.set({ ...bodies.of, [language]: event.currentTarget.value })}
        maxLength={5_000}
        autosize
        minRows={2}
      />
    </details>
  ))
}
