import { columns, declareColumns } from '#kernel/privacy/index.ts'

/** What each column is for, how long it is kept, and what becomes of it. */
export const filesPrivacy = declareColumns('kernel/files', {
  file: [
    columns(
      'id sha256 kind media_type bytes width height thumbnail purpose position',
      '照片或视频的说明；位置等拍摄信息已删除',
      'description of a picture or video; where and with what it was taken is removed',
      'record',
      'copy',
      'deleted',
    ),
    columns('record', '属于哪条记录', 'which record it belongs to', 'record', 'none', 'deleted'),
    columns(
      'owner_token_hash expires_at',
      '提交前由表单暂存，凭表单的摘要',
      'held for a form that has not been sent, under its digest',
      'day',
      'secret',
      'expires',
    ),
    columns('created_at', '何时上传', 'when it was uploaded', 'record', 'copy', 'deleted'),
  ],
})
