// A list of anything, drawn only where it is seen. Each row is one link; j and k move the focus from link to link,
// x selects, Enter opens. On a phone the columns give way to one compact drawing of the row.
import { Checkbox } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { Link } from 'wouter'
import { useCommands } from './command-hooks.ts'
import { Icon } from './icons.tsx'
import { type Group, layRows } from './table-rows.ts'
import './data-table.css'

export interface Column<Row> {
  readonly id: string
  readonly title: string
  /** A grid track: `120px`, `minmax(160px, 2fr)`. */
  readonly track: string
  readonly cell: (row: Row) => ReactNode
  readonly end?: boolean
  readonly sortable?: boolean
  /** Left out when the table is narrower than this. */
  readonly from?: number
}

export interface Selection {
  readonly ids: ReadonlySet<string>
  readonly change: (ids: ReadonlySet<string>) => void
}

interface DataTableProps<Row> {
  readonly label: string
  readonly rows: readonly Row[]
  readonly idOf: (row: Row) => string
  readonly href: (row: Row) => string
  /** Instead of following the link; answering false lets the link go its way. */
  readonly onOpen?: (row: Row) => boolean
  readonly lead: {
    readonly title: string
    readonly track?: string
    readonly cell: (row: Row) => ReactNode
    readonly sortable?: boolean
  }
  readonly columns: readonly Column<Row>[]
  readonly compact: (row: Row) => ReactNode
  readonly compactHeight?: number
  readonly sort?: string
  readonly onSort?: (sort: string) => void
  readonly selection?: Selection
  readonly groupOf?: (row: Row) => Group
  readonly openId?: string | null
  readonly onEnd?: () => void
  readonly total?: number
  readonly muted?: (row: Row) => boolean
  /** The row the keys are about. */
  readonly onActive?: (id: string) => void
}

const rowHeight = 40
const headHeight = 32

export function DataTable<Row>(props: DataTableProps<Row>) {
  const { rows, idOf, selection, groupOf } = props
  const phone = useMediaQuery('(max-width: 720px)', undefined, { getInitialValueInEffect: false }) === true
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set())
  const items = useMemo(() => layRows(rows, groupOf, folded), [rows, groupOf, folded])
  const list = useRef<HTMLTableSectionElement>(null)
  const width = useWidth(list)
  const [top, setTop] = useState(0)
  const [activeId, setActiveId] = useState<string | null>(null)
  const focusNext = useRef<string | null>(null)
  const base = useId()
  useLayoutEffect(() => {
    const measured = (list.current?.getBoundingClientRect().top ?? 0) + window.scrollY
    if (Math.abs(measured - top) > 1) setTop(measured)
  })
  const virtual = useWindowVirtualizer({
    count: items.length,
    estimateSize: (index) => (items[index]?.kind === 'group' ? 36 : phone ? (props.compactHeight ?? 64) : rowHeight),
    overscan: 10,
    scrollMargin: top,
    scrollPaddingStart: 48 + headHeight + 8,
    scrollPaddingEnd: 72,
    getItemKey: (index) => {
      const item = items[index]
      return item === undefined ? index : item.kind === 'group' ? `group ${item.id}` : idOf(item.row)
    },
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: heights follow the layout
  useEffect(() => virtual.measure(), [phone, items])
  const shown = virtual.getVirtualItems()
  const lastShown = shown.at(-1)?.index ?? -1
  const { onEnd } = props
  useEffect(() => {
    if (lastShown >= items.length - 20) onEnd?.()
  }, [lastShown, items.length, onEnd])
  // The row that is to have the focus may be drawn only after the scroll.
  useEffect(() => {
    const wanted = focusNext.current
    if (wanted === null) return
    const link = list.current?.querySelector(`[data-row="${CSS.escape(wanted)}"] .row-link`)
    if (link instanceof HTMLElement) {
      focusNext.current = null
      link.focus({ preventScroll: true })
    }
  })
  const rowIndexes = useMemo(() => items.flatMap((item, index) => (item.kind === 'row' ? [index] : [])), [items])
  const move = (step: number) => {
    const at = rowIndexes.findIndex((index) => {
      const item = items[index]
      return item?.kind === 'row' && idOf(item.row) === activeId
    })
    const next =
      rowIndexes[
        at < 0 ? (step > 0 ? 0 : rowIndexes.length - 1) : Math.min(Math.max(at + step, 0), rowIndexes.length - 1)
      ]
    const item = next === undefined ? undefined : items[next]
    if (next === undefined || item?.kind !== 'row') return
    setActiveId(idOf(item.row))
    focusNext.current = idOf(item.row)
    virtual.scrollToIndex(next, { align: 'auto' })
  }
  const toggle = (id: string) => {
    if (selection === undefined) return
    const next = new Set(selection.ids)
    if (!next.delete(id)) next.add(id)
    selection.change(next)
  }
  useCommands([
    { id: 'list.next', title: 'Next row', group: 'List', keys: 'j | arrowdown', keysOnly: true, run: () => move(1) },
    {
      id: 'list.previous',
      title: 'Previous row',
      group: 'List',
      keys: 'k | arrowup',
      keysOnly: true,
      run: () => move(-1),
    },
    ...(selection === undefined
      ? []
      : [
          {
            id: 'list.select',
            title: 'Select the row',
            group: 'List',
            keys: 'x',
            keysOnly: true,
            run: () => {
              if (activeId !== null) toggle(activeId)
            },
          },
        ]),
  ])
  const columns = props.columns.filter((column) => column.from === undefined || width >= column.from)
  const tracks = `${selection === undefined ? '' : '32px '}${props.lead.track ?? 'minmax(0, 3fr)'} ${columns.map((column) => column.track).join(' ')}`
  return (
    <table
      className="data-table"
      aria-label={props.label}
      aria-rowcount={props.total ?? rows.length}
      data-phone={phone}
    >
      {!phone && (
        <thead>
          <tr className="table-head" style={{ gridTemplateColumns: tracks }}>
            {selection !== undefined && (
              <th scope="col">
                <Checkbox
                  size="xs"
                  aria-label="Select all loaded rows"
                  checked={rows.length > 0 && selection.ids.size >= rows.length}
                  indeterminate={selection.ids.size > 0 && selection.ids.size < rows.length}
                  onChange={(event) =>
                    selection.change(event.currentTarget.checked ? new Set(rows.map(idOf)) : new Set())
                  }
                />
              </th>
            )}
            <HeadCell
              id="name"
              title={props.lead.title}
              sortable={props.lead.sortable === true}
              sort={props.sort}
              onSort={props.onSort}
            />
            {columns.map((column) => (
              <HeadCell
                key={column.id}
                id={column.id}
                title={column.title}
                end={column.end === true}
                sortable={column.sortable === true}
                sort={props.sort}
                onSort={props.onSort}
              />
            ))}
          </tr>
        </thead>
      )}
      <tbody ref={list} className="table-body" style={{ height: virtual.getTotalSize() }}>
        {shown.map((place) => {
          const item = items[place.index]
          if (item === undefined) return null
          const style = { transform: `translateY(${place.start - top}px)`, height: place.size }
          if (item.kind === 'group') {
            return (
              <tr key={place.key} className="table-group" style={style}>
                <td>
                  <button
                    type="button"
                    aria-expanded={!folded.has(item.id)}
                    onClick={() => {
                      const next = new Set(folded)
                      if (!next.delete(item.id)) next.add(item.id)
                      setFolded(next)
                    }}
                  >
                    <Icon name={folded.has(item.id) ? 'right' : 'down'} size={12} />
                    <span className="group-title">{item.title}</span>
                    <span className="group-count">{item.count}</span>
                  </button>
                </td>
              </tr>
            )
          }
          const id = idOf(item.row)
          const link = (content: ReactNode) => (
            <Link
              href={props.href(item.row)}
              className="row-link"
              onFocus={() => {
                setActiveId(id)
                props.onActive?.(id)
              }}
              onClick={(event: React.MouseEvent) => {
                if (event.metaKey || event.ctrlKey || event.shiftKey) return
                if (props.onOpen?.(item.row) === true) event.preventDefault()
              }}
            >
              {content}
            </Link>
          )
          return (
            <tr
              key={place.key}
              id={`${base}-${place.index}`}
              aria-rowindex={place.index + 1}
              data-row={id}
              data-open={props.openId === id}
              data-picked={selection?.ids.has(id) === true}
              data-muted={props.muted?.(item.row) === true}
              className="table-row"
              style={phone ? style : { ...style, gridTemplateColumns: tracks }}
            >
              {phone ? (
                <td className="compact">{link(props.compact(item.row))}</td>
              ) : (
                <>
                  {selection !== undefined && (
                    <td className="above">
                      <Checkbox
                        size="xs"
                        aria-label="Select"
                        checked={selection.ids.has(id)}
                        onChange={() => toggle(id)}
                      />
                    </td>
                  )}
                  <td className="lead">{link(props.lead.cell(item.row))}</td>
                  {columns.map((column) => (
                    <td key={column.id} className={column.end === true ? 'end' : undefined}>
                      {column.cell(item.row)}
                    </td>
                  ))}
                </>
              )}
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

function HeadCell({
  id,
  title,
  end,
  sortable,
  sort,
  onSort,
}: {
  id: string
  title: string
  end?: boolean
  sortable: boolean
  sort: string | undefined
  onSort: ((sort: string) => void) | undefined
}) {
  const up = sort === id
  const down = sort === `-${id}`
  return (
    <th
      scope="col"
      className={end === true ? 'end' : undefined}
      {...(up ? { 'aria-sort': 'ascending' as const } : down ? { 'aria-sort': 'descending' as const } : {})}
    >
      {sortable && onSort !== undefined ? (
        <button type="button" onClick={() => onSort(up ? `-${id}` : id)}>
          {title}
          {(up || down) && <Icon name={up ? 'up' : 'down'} size={10} />}
        </button>
      ) : (
        title
      )}
    </th>
  )
}

/** The room the table has, which an open panel makes smaller than the window. */
function useWidth(list: React.RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(window.innerWidth)
  useEffect(() => {
    const element = list.current
    if (element === null) return
    const observer = new ResizeObserver(() => setWidth(element.clientWidth))
    observer.observe(element)
    return () => observer.disconnect()
  }, [list])
  return width
}
