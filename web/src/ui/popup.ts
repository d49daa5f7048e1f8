/** The look of whatever opens over the page. */

export const POPUP =
  "z-50 max-w-[calc(100vw-16px)] rounded-card bg-raise text-fg shadow-pop outline-none transition-[opacity,transform] duration-100 data-[ending-style]:opacity-0 data-[starting-style]:opacity-0 data-[starting-style]:-translate-y-0.5";

/** On a phone what opens beside a button is a sheet at the foot of the screen instead. */
export const PLACE =
  "z-50 phone:fixed! phone:inset-x-0! phone:top-auto! phone:bottom-0! phone:w-full! phone:transform-none!";
export const SHEET =
  "phone:max-h-[80dvh]! phone:w-full! phone:max-w-none phone:rounded-b-none phone:rounded-t-[16px] phone:pb-[max(8px,env(safe-area-inset-bottom))] phone:data-[starting-style]:translate-y-3";
export const SHADE =
  "fixed inset-0 z-50 bg-[oklch(0_0_0/0.28)] transition-opacity duration-100 data-[ending-style]:opacity-0 data-[starting-style]:opacity-0 desk:hidden dark:bg-[oklch(0_0_0/0.55)]";

export const BACKDROP =
  "fixed inset-0 z-40 bg-[oklch(0_0_0/0.28)] transition-opacity duration-150 data-[ending-style]:opacity-0 data-[starting-style]:opacity-0 dark:bg-[oklch(0_0_0/0.55)]";
