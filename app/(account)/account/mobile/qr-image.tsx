import type { QrCode } from "@/lib/mobile/qr-code";

/**
 * A QR code as scanners expect it: dark on white in both themes and in forced colours, in which Firefox would otherwise
 * replace the white, and with a quiet zone.
 */
export function QrImage({ qr: { size, path } }: { qr: QrCode }) {
  return (
    <svg
      role="img"
      aria-label="QR code for the mobile app. The secret beside it does the same."
      viewBox={`0 0 ${size} ${size}`}
      shapeRendering="crispEdges"
      className="aspect-square w-full max-w-72 rounded border bg-paper forced-color-adjust-none"
    >
      <path d={path} className="fill-print" />
    </svg>
  );
}
