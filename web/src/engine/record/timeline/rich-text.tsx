/** Plain text as people wrote it: line breaks kept, addresses as links, never anything else. */
import { autoLink } from "@/engine/record/timeline/auto-link";

export function RichText({ text }: { text: string }) {
  return (
    <div className="whitespace-pre-wrap break-words [overflow-wrap:anywhere]">
      {autoLink(text).map((part, at) =>
        part.href ? (
          <a
            key={at}
            href={part.href}
            rel="noopener noreferrer nofollow"
            {...(part.href.startsWith("mailto:") ? {} : { target: "_blank" })}
            className="text-accent-text underline decoration-edge underline-offset-2 hover:decoration-current"
          >
            {part.text}
          </a>
        ) : (
          part.text
        ),
      )}
    </div>
  );
}
