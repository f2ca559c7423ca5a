import { useWorkspace } from '../state/context.ts';
import { Icon } from '../ui/icon.tsx';

/** Notices that disappear after a while. */
export function ToastList() {
  const { toasts } = useWorkspace();
  return (
    <div class="toasts" role="status">
      {toasts.shown.value.map((toast) => (
        <div class="toast" key={toast.id}>
          <span>{toast.text}</span>
          <button type="button" class="icon-button" aria-label="Dismiss" onClick={() => toasts.dismiss(toast.id)}>
            <Icon name="close" />
          </button>
        </div>
      ))}
    </div>
  );
}
