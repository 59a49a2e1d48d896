/** Which built files a page needs, with what it loads later. */

import type { Plugin } from 'vite';

/** Return a plugin that notes the files of the page `name`, and the set that holds them when the build has ended. */
export function filesOf(name: string): { plugin: Plugin; files: Set<string> } {
  const files = new Set<string>();
  const plugin: Plugin = {
    name: `files-of-${name}`,
    enforce: 'post',
    generateBundle(_options, bundle) {
      const add = (file: string): void => {
        const chunk = bundle[file];
        if (files.has(file) || chunk?.type !== 'chunk') return;
        files.add(file);
        const { importedCss = [], importedAssets = [] } = chunk.viteMetadata ?? {};
        for (const each of [...importedCss, ...importedAssets]) files.add(each);
        for (const each of [...chunk.imports, ...chunk.dynamicImports]) add(each);
      };
      for (const chunk of Object.values(bundle)) if (chunk.type === 'chunk' && chunk.isEntry && chunk.name === name) add(chunk.fileName);
    },
  };
  return { plugin, files };
}
