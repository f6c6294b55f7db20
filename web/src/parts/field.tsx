// A native field under its title: one look for every choice and every line of text in a form.
import type { ComponentProps, ReactNode } from 'react'

interface Titled {
  readonly title: ReactNode
}

export function SelectField({ title, ...select }: Titled & Omit<ComponentProps<'select'>, 'title'>) {
  return (
    <label className="field">
      <span>{title}</span>
      <select className="plain-select" {...select} />
    </label>
  )
}

export function InputField({ title, ...input }: Titled & Omit<ComponentProps<'input'>, 'title'>) {
  return (
    <label className="field">
      <span>{title}</span>
      <input className="plain-select" {...input} />
    </label>
  )
}
