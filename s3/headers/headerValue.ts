import { S3Failure } from '../S3Failure';

/**
 * A value that is sent in a header as it is.
 * @param field its name for people
 * @throws S3Failure of kind `invalid` if it cannot be sent in a header
 */
export function headerValue(field: string, value: string | undefined): string | undefined {
	if (value === undefined || /^[\t\x20-\x7e]*$/.test(value)) return value;
	throw S3Failure.invalid(
		`“${field}” contains a character that a header cannot carry`,
		field === 'Content Disposition'
			? "Write file names beyond ASCII as filename*=UTF-8''caf%C3%A9.txt."
			: 'Use printable ASCII characters without line breaks.',
	);
}
