import 'maplibre-gl/dist/maplibre-gl.css'
import { Map as MapLibre, Marker, NavigationControl, setWorkerUrl } from 'maplibre-gl'
import worker from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Point, pointOf } from './point.ts'

// A worker from our own address: the policy allows no worker out of a blob.
setWorkerUrl(worker)

/**
 * The point of a request on a plain ground: no tiles are fetched from anyone. A grid of a hundred metres gives the
 * measure; the coordinates and the place's name beside it say the same in words.
 */
export default function SpotMap({
  point,
  label,
  onMove,
}: {
  point: Point
  label: string
  /** Where the pin may be moved: is told where it was let go. */
  onMove?: (point: Point) => void
}) {
  const { t } = useTranslation()
  const frame = useRef<HTMLDivElement>(null)
  const [failed, setFailed] = useState(false)
  const { longitude, latitude } = point
  const movable = onMove !== undefined
  const moved = useRef(onMove)
  moved.current = onMove
  useEffect(() => {
    const container = frame.current
    if (!container) return
    let map: MapLibre
    try {
      map = new MapLibre({
        container,
        attributionControl: false,
        center: [longitude, latitude],
        zoom: 15.5,
        dragRotate: false,
        pitchWithRotate: false,
        style: {
          version: 8,
          sources: { measure: { type: 'geojson', data: measure(longitude, latitude) } },
          layers: [
            { id: 'ground', type: 'background', paint: { 'background-color': '#f3efe4' } },
            { id: 'measure', type: 'line', source: 'measure', paint: { 'line-color': '#d8d0bd', 'line-width': 1 } },
          ],
        },
      })
    } catch {
      // No WebGL on this machine: the words below say where it is.
      setFailed(true)
      return
    }
    map.addControl(new NavigationControl({ showCompass: false }))
    const pin = new Marker({ color: '#b23a2a', draggable: movable }).setLngLat([longitude, latitude]).addTo(map)
    pin.on('dragend', () => {
      const { lng, lat } = pin.getLngLat()
      const found = pointOf(`${lat}, ${lng}`)
      if (found) moved.current?.(found)
    })
    return () => map.remove()
  }, [longitude, latitude, movable])
  return (
    <figure className="spot">
      {failed ? null : <section ref={frame} className="spot-map" aria-label={t('requests.map', { label })} />}
      <figcaption className="hint">
        {label} · {latitude.toFixed(5)}, {longitude.toFixed(5)} · {t('requests.map.measure')}
      </figcaption>
    </figure>
  )
}

/** Lines a hundred metres apart, one kilometre around the point. */
function measure(longitude: number, latitude: number) {
  const metreNorth = 1 / 111_320
  const metreEast = metreNorth / Math.cos((latitude * Math.PI) / 180)
  const reach = 1000
  const lines: [number, number][][] = []
  for (let metres = -reach; metres <= reach; metres += 100) {
    lines.push([
      [longitude + metres * metreEast, latitude - reach * metreNorth],
      [longitude + metres * metreEast, latitude + reach * metreNorth],
    ])
    lines.push([
      [longitude - reach * metreEast, latitude + metres * metreNorth],
      [longitude + reach * metreEast, latitude + metres * metreNorth],
    ])
  }
  return {
    type: 'Feature' as const,
    properties: {},
    geometry: { type: 'MultiLineString' as const, coordinates: lines },
  }
}
