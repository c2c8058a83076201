import { requestUrl, s3Path } from '../../../../credentials/httpRequest/requestUrl';

const bucket = 'https://my-bucket.s3.eu-central-1.amazonaws.com';

it('the whole query is in the URL, where nothing encodes it again', () => {
	const url = requestUrl({ url: '', uri: `${bucket}/?a=1`, qs: { 'b c': "it's" } });
	expect(url.href).toBe(`${bucket}/?a=1&b%20c=it%27s`);
});

it('parameters without a value are left out, and so is the fragment', () => {
	const qs = { a: undefined, b: null, c: 0, d: [null, 'x'] } as never;
	expect(requestUrl({ url: `${bucket}/k#part`, qs }).href).toBe(`${bucket}/k?c=0&d=x`);
});

it('a path is put after the base URL', () => {
	expect(requestUrl({ baseURL: bucket, url: '/key' }).href).toBe(`${bucket}/key`);
});

it('a request without a whole URL is invalid', () => {
	expect(() => requestUrl({ url: 'my-bucket/key' })).toThrow('is not a whole URL');
});

it('the path of an S3 key is encoded once, as S3 verifies it', () => {
	const { pathname } = new URL(`${bucket}/a b/(c)+&=:@,;!'*$[]|ü%2Fd%25%zz`);
	expect(s3Path(pathname)).toBe(
		'/a%20b/%28c%29%2B%26%3D%3A%40%2C%3B%21%27%2A%24%5B%5D%7C%C3%BC/d%25%25zz',
	);
});
