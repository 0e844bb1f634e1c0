// What the system says of a disk that takes nothing, by the codes of its errors.

/** No room: the disk is full, or the share of it that its user has. */
export const noRoom: readonly string[] = ['ENOSPC', 'EDQUOT']

/** No right: the disk can only be read, or the user may not write there. */
export const noRight: readonly string[] = ['EROFS', 'EACCES', 'EPERM']
