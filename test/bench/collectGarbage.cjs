/**
 * Loaded into n8n before anything else: SIGUSR2 makes it drop what nothing refers to any more, and give the
 * memory of that back, which it would keep otherwise.
 */
'use strict';

const v8 = require('node:v8');
const vm = require('node:vm');

v8.setFlagsFromString('--expose-gc');
const collect = vm.runInNewContext('gc');
v8.setFlagsFromString('--no-expose-gc');
process.on('SIGUSR2', () => {
	collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
});
