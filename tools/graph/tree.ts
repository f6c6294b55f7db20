// The working tree as git sees it: tracked files and new ones, not what .gitignore leaves out.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isModule, orderFile } from './house.ts'

export function listFiles(root: string): readonly string[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  return [...new Set(listed.split('\0'))].filter((path) => path !== '' && existsSync(join(root, path)))
}

/** Only modules, migrations and the order are read; the rest is known by name. */
export function readTree(root: string): ReadonlyMap<string, string> {
  const wanted = (path: string) => isModule(path) || path.endsWith('.sql') || path === orderFile
  return new Map(listFiles(root).map((path) => [path, wanted(path) ? readFileSync(join(root, path), 'utf8') : '']))
}

/** How many modules git says there are, counted without the reader that is being checked. */
export function countModules(root: string): number {
  const patterns = ['*.ts', '*.tsx', ':!*.d.ts', ':!tools/planted']
  const listed = execFileSync(
    'git',
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', ...patterns],
    {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    },
  )
  return new Set(listed.split('\0').filter((path) => path !== '' && existsSync(join(root, path)))).size
}
