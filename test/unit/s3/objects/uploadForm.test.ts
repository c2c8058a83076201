import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Form } from '../../../../s3/objects/presignedPost';
import { FORM_CORS, formCurl, formHtml } from '../../../../s3/objects/uploadForm';

const ODD = `a"b'c<d>&e $(x) \`y\` \\z`;

const form = (more: Partial<Form> = {}): Form => ({
	url: 'https://files.example.com/data/',
	fields: { key: ODD, policy: 'p' },
	typePrefix: undefined,
	expiresAt: new Date(),
	cappedBy: undefined,
	warnings: [],
	...more,
});

/** What a shell makes of a command: its words. */
const wordsOf = async (command: string) => {
	const { stdout } = await promisify(execFile)('sh', ['-c', `printf '%s\\n' ${command}`]);
	return stdout.trimEnd().split('\n');
};

describe('the form for a page', () => {
	it('the values of a form are escaped, and its file comes last', () => {
		expect(formHtml(form())).toBe(
			[
				'<form action="https://files.example.com/data/" method="post" enctype="multipart/form-data" accept-charset="utf-8">',
				'\t<input type="hidden" name="key" value="a&quot;b&#39;c&lt;d&gt;&amp;e $(x) `y` \\z">',
				'\t<input type="hidden" name="policy" value="p">',
				'\t<input type="file" name="file" required>',
				'\t<button type="submit">Upload</button>',
				'</form>',
			].join('\n'),
		);
	});

	it('a form for one type offers only files of that type', () => {
		const html = formHtml(form({ fields: { 'Content-Type': 'text/csv' } }));
		expect(html).toContain('accept="text/csv"');
		expect(html).not.toContain('onchange');
	});

	it('a form for several types sends the type of the file that is chosen', () => {
		const html = formHtml(form({ typePrefix: 'image/' }));
		expect(html).toContain('name="Content-Type" value="image/TYPE"');
		expect(html).toContain('accept="image/*"');
		expect(html).toContain("this.form.elements['Content-Type'].value = this.files[0]?.type");
		expect(formHtml(form({ typePrefix: '' }))).not.toContain('accept=');
	});
});

describe('the command', () => {
	it('a shell hands every field to curl as it is, and the file last', async () => {
		expect(await wordsOf(formCurl(form()))).toEqual([
			'curl',
			'--form-string',
			`key=${ODD}`,
			'--form-string',
			'policy=p',
			'-F',
			'file=@FILE',
			'https://files.example.com/data/',
		]);
	});

	it('the command has a type that the form allows', () => {
		expect(formCurl(form({ typePrefix: 'image/' }))).toContain("'Content-Type=image/TYPE'");
		expect(formCurl(form({ typePrefix: '' }))).toContain("'Content-Type=application/octet-stream'");
	});
});

it('the rules for the bucket allow scripts of every page to send the form', () => {
	expect(JSON.parse(FORM_CORS)).toEqual([
		expect.objectContaining({ AllowedMethods: ['POST'], AllowedOrigins: ['*'] }),
	]);
});
