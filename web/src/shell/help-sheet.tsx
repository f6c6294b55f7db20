// All keys that work on this page, read from the registry.

import { useCommandList } from '../parts/command-hooks.ts'
import { helpSheet } from '../parts/commands.ts'
import { Dialog } from '../parts/dialog.tsx'
import { closeOverlay } from './overlay-state.ts'

const names: Readonly<Record<string, string>> = {
  mod: /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘' : 'Ctrl',
  enter: '↵',
  escape: 'Esc',
  space: 'Space',
  arrowdown: '↓',
  arrowup: '↑',
  shift: '⇧',
}

/** The first way of writing the keys, one box for each stroke. */
export function Keys({ keys }: { keys: string }) {
  const first = keys.split('|')[0]?.trim() ?? ''
  return (
    <span className="keys">
      {first.split(' ').map((stroke) => (
        <kbd key={stroke}>
          {stroke
            .split('+')
            .map((part) => names[part] ?? part)
            .join(' ')}
        </kbd>
      ))}
    </span>
  )
}

export default function HelpSheet() {
  const groups = helpSheet(useCommandList())
  return (
    <Dialog title="Keys on this page" wide onClose={closeOverlay}>
      <div className="help-sheet">
        {groups.map((each) => (
          <section key={each.group}>
            <h3>{each.group}</h3>
            <dl>
              {each.commands.map((command) => (
                <div key={command.id}>
                  <dt>{command.title}</dt>
                  <dd>
                    <Keys keys={command.keys ?? ''} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  )
}
