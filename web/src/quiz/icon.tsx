/** The two signs that repeat a verdict's colour as a shape. */

const PATHS = {
  right: "M3.2 8.6l3.1 3.2 6.5-7.4",
  wrong: "M4 4l8 8M12 4l-8 8",
} as const;

export function Icon({ name }: { name: keyof typeof PATHS }) {
  return (
    <svg class="mq-icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
