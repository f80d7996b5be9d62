// SPDX-License-Identifier: Apache-2.0
import { defineConfig } from 'vite';

// The server gives these files out below /console/, from its jar.
export default defineConfig({
  base: '/console/',
  build: {
    outDir: 'target/classes/dev/varve/console',
    emptyOutDir: true,
    target: 'es2022',
    assetsDir: '.',
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/query': 'http://localhost:8123', '/metrics': 'http://localhost:8123' } },
});
