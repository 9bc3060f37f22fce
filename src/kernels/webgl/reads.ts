/** Texels that statements have in common, by their places in GLSL: they are read once, before the statements. */
export class Reads {
  private readonly places = new Map<string, number>();

  /** The number of the texel at this place. */
  of(place: string): number {
    const number = this.places.get(place) ?? this.places.size;
    this.places.set(place, number);
    return number;
  }

  /** GLSL that reads all of them. */
  text(readText: (place: string, number: number) => string): string {
    return [...this.places].map(([place, number]) => readText(place, number)).join('\n');
  }
}
