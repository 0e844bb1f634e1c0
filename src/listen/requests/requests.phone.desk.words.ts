/** What the form for writing down a request says of pictures and of the point on the map. */
export const requestsPhoneWords = {
  'zh-CN': {
    'requests.phone.files': '照片或短视频',
    'requests.phone.files-hint':
      '最多 9 个，其中视频一段（照片每张 10 MB、视频 50 MB 以内）。马上上传，24 小时内登记都在。',
    'requests.phone.files-sending': '正在上传……',
    'requests.phone.files-drop': '去掉第 {{number}} 个',
    'requests.phone.pin': '地图上的点',
    'requests.phone.pin-hint': '（可不填：从别的地图复制经纬度，或在现场按下面的按钮）',
    'requests.phone.pin-here': '我就在现场，用这台设备的位置',
    'requests.phone.pin-drop': '去掉这个点',
    'requests.phone.pin-move': '可以拖动图钉',
    'requests.phone.pin-denied': '这台设备没有让我们看位置。写清楚在哪儿就行。',
    'requests.phone.pin-failed': '没有找到位置。写清楚在哪儿就行。',
    'requests.phone.pin-abroad': '这不是国内的一个点。请写纬度和经度，如 32.39420, 119.41290。',
  },
  en: {
    'requests.phone.files': 'Pictures or a short video',
    'requests.phone.files-hint':
      'Up to 9, one of them a video (10 MB a picture, 50 MB a video). Sent at once; kept for 24 hours until it is filed.',
    'requests.phone.files-sending': 'Sending …',
    'requests.phone.files-drop': 'Remove number {{number}}',
    'requests.phone.pin': 'Point on the map',
    'requests.phone.pin-hint': '(optional: paste it from another map, or press the button where you stand)',
    'requests.phone.pin-here': 'I stand there: use this device’s position',
    'requests.phone.pin-drop': 'Remove the point',
    'requests.phone.pin-move': 'The pin can be moved',
    'requests.phone.pin-denied': 'This device did not let us see its position. Saying where in words is enough.',
    'requests.phone.pin-failed': 'No position was found. Saying where in words is enough.',
    'requests.phone.pin-abroad':
      'This is no point in the country. Write latitude and longitude, such as 32.39420, 119.41290.',
  },
} as const
