/**
 * The byte of the object with which the body of a response begins: 0 for a whole object.
 * @param contentRange the header, e.g. `bytes 100-199/1000`; undefined if there is none
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-14.4
 */
export const firstByteOf = (contentRange: string | undefined): number =>
	Number(/^bytes (\d+)-/.exec(contentRange ?? '')?.[1] ?? 0);
