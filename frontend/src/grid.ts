/** Walking a grid of marks with the arrow keys. */
export interface Place { x: number; y: number; open: boolean }

/** Index of the nearest open place in the arrow's direction (same row or column first); -1 if there is none. */
export function step(places: Place[], from: number, key: string): number {
  const here = places[from];
  const ways: Record<string, [number, number]> = {
    ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1],
  };
  const way = ways[key];
  if (!here || !way) return -1;
  let best = -1;
  let bestCost = Infinity;
  places.forEach((place, i) => {
    if (i === from || !place.open) return;
    const along = (place.x - here.x) * way[0] + (place.y - here.y) * way[1];
    const across = Math.abs((place.x - here.x) * way[1]) + Math.abs((place.y - here.y) * way[0]);
    if (along <= 1) return;
    const cost = along + across * 1000;
    if (cost < bestCost) {
      best = i;
      bestCost = cost;
    }
  });
  return best;
}
