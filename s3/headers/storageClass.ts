/** The class of an object for which S3 names none. */
export const USUAL_CLASS = 'STANDARD';

/** The class of an object, of which a server has told as much as S3 does. */
export const classOf = ({
	storageClass = USUAL_CLASS,
}: {
	readonly storageClass?: string | undefined;
}): string => storageClass;
