/** The workspace one stood in last, on this device. */
const KEY = "mainstay.workspace";

export function lastWorkspace(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

export function rememberWorkspace(workspace: string): void {
  try {
    localStorage.setItem(KEY, workspace);
  } catch {
    // Then `/` leads to the first tenant.
  }
}
