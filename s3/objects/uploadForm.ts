/** What people make of a form: a part of a page, and a command. */
import type { Form } from './presignedPost';

/** What a browser sends where it does not know the type of a file. */
const UNKNOWN_TYPE = 'application/octet-stream';

/** A form for a page: it uploads the file that is chosen. */
export function formHtml({ url, fields, typePrefix }: Form): string {
	const hidden = Object.entries(typed(fields, typePrefix)).map(
		([name, value]) => `\t<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`,
	);
	const accept = fields['Content-Type'] ?? (typePrefix && `${typePrefix}*`);
	const attributes = [
		...(accept === undefined || accept === '' ? [] : [` accept="${escaped(accept)}"`]),
		// The type is known when a file is chosen.
		...(typePrefix === undefined
			? []
			: [
					` onchange="this.form.elements['Content-Type'].value = this.files[0]?.type || '${UNKNOWN_TYPE}'"`,
				]),
	];
	return [
		`<form action="${escaped(url)}" method="post" enctype="multipart/form-data" accept-charset="utf-8">`,
		...hidden,
		`\t<input type="file" name="file" required${attributes.join('')}>`,
		'\t<button type="submit">Upload</button>',
		'</form>',
	].join('\n');
}

/** A command for a POSIX shell that uploads the file FILE. */
export function formCurl({ url, fields, typePrefix }: Form): string {
	const sent = Object.entries(typed(fields, typePrefix)).map(
		([name, value]) => `--form-string ${quoted(`${name}=${value}`)}`,
	);
	return ['curl', ...sent, "-F 'file=@FILE'", quoted(url)].join(' ');
}

/**
 * The rules for the bucket by which a script on any page may use the form and read the response, as the S3
 * console takes them; a plain form needs none.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/ManageCorsUsing.html
 */
export const FORM_CORS = JSON.stringify(
	[
		{
			AllowedHeaders: ['*'],
			AllowedMethods: ['POST'],
			AllowedOrigins: ['*'],
			ExposeHeaders: ['ETag', 'Location'],
			MaxAgeSeconds: 3600,
		},
	],
	undefined,
	2,
);

/** The fields with a content type that the policy allows, if whoever uploads has to add one. */
function typed(fields: Form['fields'], typePrefix: string | undefined): Record<string, string> {
	if (typePrefix === undefined) return fields;
	return { ...fields, 'Content-Type': typePrefix === '' ? UNKNOWN_TYPE : `${typePrefix}TYPE` };
}

const ENTITIES: Readonly<Record<string, string>> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&#39;',
};

const escaped = (text: string): string =>
	text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
