/** The people this kiosk can recognise: names for the screen and unit-length templates of one pack. */
export interface Person {
  readonly id: string;
  readonly name: string;
  readonly salutation: string;
  readonly templates: readonly Float32Array[];
}

export interface Gallery {
  readonly version: string;
  readonly pack: string;
  readonly people: readonly Person[];
}

/** One person as the server sends them: templates are base64 of little-endian float32. */
export interface SentPerson {
  readonly id: string;
  readonly name: string;
  readonly salutation: string;
  readonly templates: readonly string[];
}

export interface SentGallery {
  readonly version: string;
  readonly pack: string;
  readonly people: readonly SentPerson[];
}

/** Read base64 little-endian float32, whatever the byte order of this machine. */
export function readVector(base64: string): Float32Array {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Float32Array.from({ length: Math.floor(bytes.length / 4) }, (_, index) => view.getFloat32(index * 4, true));
}

export function readGallery(sent: SentGallery): Gallery {
  const people = sent.people.map((person) => ({ ...person, templates: person.templates.map(readVector) }));
  return { version: sent.version, pack: sent.pack, people };
}

export function personOf(gallery: Gallery, id: string): Person | null {
  return gallery.people.find((person) => person.id === id) ?? null;
}
