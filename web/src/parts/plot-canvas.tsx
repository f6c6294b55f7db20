// Draws one plot with uPlot in the colours of the theme, and again when the theme or the width changes.
import { useEffect, useRef, useState } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import './plot-canvas.css'
import { fullTime } from './format.ts'
import type { PlotProps } from './plot-lines.ts'

const fewPoints = 12

/** The canvas knows no custom properties: an element is asked what the token means here and now. */
function colourOf(host: HTMLElement, token: string): string {
  const probe = document.createElement('span')
  probe.style.color = `var(${token})`
  host.append(probe)
  const colour = getComputedStyle(probe).color
  probe.remove()
  return colour
}

function useThemeCount(): number {
  const [count, setCount] = useState(0)
  useEffect(() => {
    const change = () => setCount((before) => before + 1)
    const observer = new MutationObserver(change)
    observer.observe(document.documentElement, { attributeFilter: ['data-mantine-color-scheme'] })
    const media = window.matchMedia('(prefers-color-scheme: dark)')
    media.addEventListener('change', change)
    return () => {
      observer.disconnect()
      media.removeEventListener('change', change)
    }
  }, [])
  return count
}

export default function PlotCanvas(props: PlotProps & { height: number }) {
  const host = useRef<HTMLDivElement>(null)
  const themes = useThemeCount()
  // The colours are read from the page, so a change of theme is a reason to draw anew.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    const element = host.current
    if (element === null) return
    const chart = new uPlot(optionsOf(element, props), dataOf(props), element)
    const observer = new ResizeObserver(() => {
      if (element.clientWidth > 0) chart.setSize({ width: element.clientWidth, height: props.height })
    })
    observer.observe(element)
    return () => {
      observer.disconnect()
      chart.destroy()
    }
  }, [props, themes])
  return <div ref={host} className="plot-canvas" />
}

function dataOf(props: PlotProps): uPlot.AlignedData {
  return [props.times.map((at) => at / 1000), ...props.lines.map((line) => [...line.values])]
}

function optionsOf(host: HTMLElement, props: PlotProps & { height: number }): uPlot.Options {
  const rule = colourOf(host, '--rule')
  const soft = colourOf(host, '--ink-soft')
  const font = `12px ${getComputedStyle(host).fontFamily}`
  const axis = { stroke: soft, font, grid: { stroke: rule, width: 1 }, ticks: { show: false } }
  const levels = (props.levels ?? []).map((level) => ({ ...level, colour: colourOf(host, level.colour) }))
  return {
    width: Math.max(host.clientWidth, 120),
    height: props.height,
    // To the right half of the last label, which stands below its tick.
    padding: [8, 22, 0, 0],
    cursor: { y: false, points: { size: 6 } },
    legend: { live: true },
    scales: {
      x: { time: true },
      y: {
        distr: props.log === true ? 3 : 1,
        range: (_, low, high) => {
          const tops = [high, ...levels.map((level) => level.at)].filter((value) => Number.isFinite(value))
          const top = props.max ?? Math.max(...tops, props.log === true ? 1 : 0) * 1.08
          const bottom = Math.min(props.min ?? low, Number.isFinite(low) ? low : 0)
          return [props.log === true ? Math.max(0.05, bottom) : bottom, top > bottom ? top : bottom + 1]
        },
      },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        space: 80,
        values: (_, ticks) => ticks.map((tick) => tickText(tick * 1000, ticks)),
      },
      {
        ...axis,
        size: 56,
        space: 32,
        values: (_, ticks) => ticks.map((tick) => (tick === null ? '' : props.format(tick))),
      },
    ],
    series: [
      { value: (_, at) => (at === null ? '' : fullTime(at * 1000)) },
      ...props.lines.map((line) => {
        const stroke = colourOf(host, line.colour)
        return {
          label: line.label,
          stroke,
          width: line.width ?? 1.5,
          // A line of a few points is drawn with them; alone, one would not be seen.
          points: { show: line.values.filter((value) => value !== null).length <= fewPoints, size: 5 },
          spanGaps: false,
          ...(line.dash === undefined ? {} : { dash: [...line.dash] }),
          ...(line.fill === true ? { fill: stroke.replace('rgb(', 'rgba(').replace(')', ', 0.08)') } : {}),
          value: (_: uPlot, value: number | null) => (value === null ? '–' : props.format(value)),
        }
      }),
    ],
    hooks: {
      draw: [
        (chart) => {
          const { ctx, bbox } = chart
          ctx.save()
          ctx.font = `${11 * devicePixelRatio}px ${getComputedStyle(host).fontFamily}`
          const labelled: number[] = []
          for (const level of levels) {
            const y = chart.valToPos(level.at, 'y', true)
            if (y < bbox.top || y > bbox.top + bbox.height) continue
            const room = 12 * devicePixelRatio
            // At the top edge the words stand below their line; words that would lie over others are left out.
            const above = y - room >= bbox.top
            const labelY = above ? y - 2 * devicePixelRatio : y + room
            const fits = labelled.every((other) => Math.abs(other - labelY) >= room)
            ctx.strokeStyle = level.colour
            ctx.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio])
            ctx.lineWidth = devicePixelRatio
            ctx.beginPath()
            ctx.moveTo(bbox.left, y)
            ctx.lineTo(bbox.left + bbox.width, y)
            ctx.stroke()
            ctx.fillStyle = soft
            ctx.textAlign = 'left'
            ctx.textBaseline = 'bottom'
            if (fits) {
              labelled.push(labelY)
              ctx.fillText(level.label, bbox.left + 4 * devicePixelRatio, labelY)
            }
          }
          ctx.restore()
        },
      ],
    },
  }
}

function tickText(at: number, ticks: readonly number[]): string {
  const step = ((ticks[1] ?? 0) - (ticks[0] ?? 0)) * 1000
  const date = new Date(at)
  if (step >= 86_400_000 || (date.getHours() === 0 && date.getMinutes() === 0)) {
    return date.toLocaleDateString(undefined, { day: 'numeric', month: 'short' })
  }
  return date.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
}
