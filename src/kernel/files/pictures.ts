import sharp from 'sharp'
import { mostPixels, unfit } from './refusals.ts'

// One thread for each picture and no cache: memory stays within what the queue allows.
sharp.concurrency(1)
sharp.cache(false)
// Only the four kinds we take can be decoded at all, whatever a file claims to be (SVG, PDF, TIFF … stay shut).
sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({
  operation: ['VipsForeignLoadJpeg', 'VipsForeignLoadPng', 'VipsForeignLoadWebp', 'VipsForeignLoadNsgif'],
})

export interface Picture {
  /** WebP, turned upright, without any metadata, at most 2560 pixels wide or high. */
  bytes: Buffer
  thumbnail: Buffer
  width: number
  height: number
}

const longestSide = 2560
const thumbnailSide = 400
const mostSeconds = 20

/**
 * Paints a picture anew: what comes out holds the pixels and nothing else (no place, time, device, name). Of a moving
 * picture the first frame stays. Throws Refusal for what cannot be read and, from its header alone, for what would
 * unpack to too many pixels.
 */
export async function repaint(bytes: Buffer): Promise<Picture> {
  const options = { limitInputPixels: mostPixels, failOn: 'error', sequentialRead: true, pages: 1 } as const
  const { width, height } = await sharp(bytes, { ...options, limitInputPixels: false })
    .metadata()
    .catch(() => {
      throw unfit('broken')
    })
  if (width * height > mostPixels) throw unfit('pixels')
  try {
    const full = await sharp(bytes, options)
      .timeout({ seconds: mostSeconds })
      .autoOrient()
      .resize({ width: longestSide, height: longestSide, fit: 'inside', withoutEnlargement: true })
      .webp({ quality: 80, effort: 3 })
      .toBuffer({ resolveWithObject: true })
    const thumbnail = await sharp(full.data)
      .resize({ width: thumbnailSide, height: thumbnailSide, fit: 'inside', withoutEnlargement: true })
      .webp({ quality: 70, effort: 3 })
      .toBuffer()
    return { bytes: full.data, thumbnail, width: full.info.width, height: full.info.height }
  } catch {
    throw unfit('broken')
  }
}
