/** A button that copies the address of what is shown. */
import { button } from './controls';
import { copied } from './copy';
import { element, setText } from './dom';

export function copyLink(link: () => string): HTMLElement {
  const status = element('span', { class: 'status', role: 'status' });
  const field = element('input', { type: 'text', readonly: true, 'aria-label': 'The link' });
  field.hidden = true;
  const copy = button('Copy link', () => {
    const text = link();
    void copied(text).then((isCopied) => {
      setText(status, isCopied ? 'Copied.' : 'Copy it from here:');
      field.hidden = isCopied;
      field.value = text;
      if (!isCopied) field.select();
    });
  });
  return element('div', { class: 'copy-link' }, status, field, copy);
}
