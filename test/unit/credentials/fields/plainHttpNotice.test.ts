import { NodeHelpers } from 'n8n-workflow';

import { plainHttpNotice } from '../../../../credentials/fields/plainHttpNotice';

it.each([
	['http://minio.example.com', true],
	['http://1.2.3.4', true],
	['HTTP://minio.example.com', true],
	['Http://minio.example.com', true],
	['HTTPS://minio.example.com', false],
	['Https://minio.example.com', false],
	['http://172.15.0.1', true],
	['http://172.160.0.1', true],
	['http://172.16.0.5', false],
	['http://172.31.255.1:9000', false],
	['http://169.254.1.1', false],
	['http://[::1]:9000', false],
	['http://[fd00::1]:9000', false],
	['http://localhost:9000', false],
	['http://127.0.0.1', false],
	['http://10.1.2.3:9000', false],
	['http://192.168.1.2', false],
	['https://minio.example.com', false],
	['minio:9000', false],
	['', false],
])('the notice of plain http is shown for the endpoint %p: %p', (endpoint, expected) => {
	expect(NodeHelpers.displayParameter({ endpoint }, plainHttpNotice, null, null)).toBe(expected);
});
