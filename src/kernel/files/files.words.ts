export const filesWords = {
  'zh-CN': {
    'files.unfit.empty': '这个文件是空的，请重新选择。',
    'files.unfit.type':
      '有个文件不是照片也不是短视频，收不了，请从相册里另选。（收得了的照片：JPEG、PNG、WebP、GIF；视频：MP4、WebM）',
    'files.unfit.heic':
      '这是苹果手机的 HEIC 格式，本系统打不开。请在手机“设置→相机→格式”里选“兼容性最佳”后重拍，或者截个图上传。',
    'files.unfit.quicktime': '这是苹果手机的 MOV 视频，本系统收不了。请转成 MP4 再上传，或者改传照片。',
    'files.unfit.big': '文件太大：照片不超过 {{picture}} MB，视频不超过 {{video}} MB。',
    'files.unfit.pixels': '照片的像素太多，打不开。请缩小后再上传，或者截个图上传。',
    'files.unfit.broken': '这个文件打不开，可能没有传完整。请重新选择或重拍。',
    'files.unfit.tracks': '这段视频里有除画面和声音以外的内容，收不了。请换一段，或者改传照片。',
    'files.unfit.busy': '现在上传的人太多，请过一会儿再传，您填写的内容都还在。',
    'files.unfit.many': '最多上传 {{most}} 个文件。',
    'files.unfit.gone': '上传的文件已经过了 24 小时，请重新上传。',
    'files.unfit.full': '系统暂时存不下新的文件，工作人员会尽快处理。您可以先不带文件提交。',
    'files.no-such-part': '文件没有这么长，请从头打开。',
    'files.store.away': '照片和视频暂时存取不了，您填写的内容都还在。请过几分钟再试，也可以先不带文件提交。',
    'files.store.forbidden': '存放照片和视频的地方拒绝了本系统，要等管理人员处理。您可以先不带文件提交。',
    'files.store.missing': '存放照片和视频的地方找不到了，要等管理人员处理。您可以先不带文件提交。',
  },
  en: {
    'files.unfit.empty': 'This file is empty. Please choose it again.',
    'files.unfit.type':
      'Please upload a photograph (JPEG, PNG, WebP, GIF) or a short video (MP4, WebM); other files cannot be taken.',
    'files.unfit.heic':
      'This is a HEIC picture from an iPhone, which cannot be opened here. Choose “Most Compatible” under Settings, Camera, Formats and take it again, or upload a screenshot of it.',
    'files.unfit.quicktime':
      'This is a MOV video from an iPhone, which cannot be taken here. Please convert it to MP4, or upload photographs instead.',
    'files.unfit.big': 'The file is too big: at most {{picture}} MB for a photograph and {{video}} MB for a video.',
    'files.unfit.pixels':
      'The photograph has too many pixels to open. Please make it smaller, or upload a screenshot of it.',
    'files.unfit.broken': 'This file cannot be opened; it may not have arrived whole. Please choose it again.',
    'files.unfit.tracks':
      'This video holds something besides picture and sound and cannot be taken. Please choose another, or upload photographs.',
    'files.unfit.busy': 'Too many people are uploading right now. Please try again shortly: nothing you typed is lost.',
    'files.unfit.many': 'At most {{most}} files can be uploaded.',
    'files.unfit.gone': 'The uploaded files are older than 24 hours. Please upload them again.',
    'files.unfit.full':
      'No new files can be stored at the moment; staff will see to it. You can send this without files meanwhile.',
    'files.no-such-part': 'The file ends before that part. Please open it from the beginning.',
    'files.store.away':
      'Pictures and videos can be neither stored nor shown at the moment. Nothing you typed is lost: try again in a few minutes, or send it without files.',
    'files.store.forbidden':
      'Where pictures and videos are kept, this system is refused; its keepers have to see to it. You can send this without files meanwhile.',
    'files.store.missing':
      'The place where pictures and videos are kept cannot be found; its keepers have to see to it. You can send this without files meanwhile.',
  },
} as const

/** The reasons for which a file is not taken. */
export const filesFamilies = {
  'files.unfit.': [
    ...['empty', 'type', 'heic', 'quicktime', 'big', 'pixels', 'broken', 'tracks', 'busy', 'many', 'gone', 'full'],
  ],
} as const
