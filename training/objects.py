"""How each kind of thing is painted on a canvas."""

from __future__ import annotations

import numpy as np

from training import materials
from training.canvas import Canvas
from training.materials import pick
from training.shapes import (
    Mask,
    Polygon,
    Stamp,
    blob,
    footprint,
    inset,
    parcels,
    rasterize,
    rectangle,
    stroke,
    wandering_line,
)

_SOLID = frozenset({"building", "pond", "river", "road", "bright roof", "tree", "forest"})


def add_ground(canvas: Canvas) -> None:
    """Cover the whole canvas with one background surface over gentle terrain."""
    mask = np.ones((canvas.height, canvas.width), bool)
    stamp = Stamp(0, 0, mask)
    canvas.paint(stamp, canvas.surface(stamp, pick(canvas.rng, materials.GROUND, 0.1)), None)
    canvas.empty[:] = True
    relief = canvas.textures.plane(128) * canvas.rng.uniform(0, 2.5)
    along, _ = canvas.local_grid(stamp, canvas.rng.uniform(0, np.pi))
    slope = canvas.rng.choice([0.0, canvas.rng.normal(0, 0.03)])
    canvas.heights += relief + np.float32(slope * canvas.metres) * along


def add_fields(canvas: Canvas, side: float, regularity: float, share: float) -> None:
    """Part the canvas into parcels of about ``side`` metres; ``share`` of them are fields."""
    margin = canvas.pixels(canvas.rng.choice([0.0, 0.5, 2.0, 5.0]))
    for quad in parcels(canvas.rng, canvas.height, canvas.width, canvas.pixels(side), regularity):
        shape = inset(quad, margin * canvas.rng.uniform(0.3, 1.0)) if margin else quad
        if shape is None or canvas.rng.random() > share:
            continue
        stamp = rasterize(shape, canvas.height, canvas.width)
        if stamp is not None:
            edge = quad[1] - quad[0]
            _paint_field(canvas, stamp, float(np.arctan2(edge[1], edge[0])))


def add_pivots(canvas: Canvas, count: int) -> None:
    """Round fields as centre-pivot irrigation leaves them."""
    for _ in range(count):
        radius = canvas.pixels(canvas.rng.uniform(60, 400))
        if not 10 < radius < 0.6 * canvas.width:
            continue
        stamp = rasterize(
            blob(canvas.rng, _place(canvas), radius, 0, 1), canvas.height, canvas.width
        )
        if stamp is not None and canvas.covered(stamp, _SOLID) < 0.05:
            _paint_field(canvas, stamp, canvas.rng.uniform(0, np.pi))


def _paint_field(canvas: Canvas, stamp: Stamp, angle: float) -> None:
    rng = canvas.rng
    surface = canvas.surface(stamp, pick(rng, materials.FIELDS, canvas.strangeness))
    _, across = canvas.local_grid(stamp, angle)
    period = canvas.pixels(rng.uniform(0.6, 6.0))
    if period > 2.2 and rng.random() < 0.7:  # rows of the crop
        wave = np.sin(across * (2 * np.pi / period)) * rng.uniform(0.01, 0.07)
        surface += np.asarray(wave, np.float32)[..., None]
    spacing = canvas.pixels(rng.uniform(12, 36))
    if spacing > 8 and rng.random() < 0.5:  # tractor lines: two wheel tracks every few metres
        gauge, track = canvas.pixels(1.9), max(1.0, canvas.pixels(0.5))
        position = np.mod(across, spacing)
        lines = (position < track) | (np.abs(position - gauge) < track / 2)
        surface[lines] *= 1 + rng.normal(0, 0.12)
    if rng.random() < 0.35:  # headland, worked along the edge
        depth = canvas.pixels(rng.uniform(6, 18))
        if depth > 2:
            surface[canvas.edge_distance(stamp.mask) < depth] *= 1 + rng.normal(0, 0.06)
    if rng.random() < 0.3:  # moist and dry patches
        rows, columns = stamp.window
        patches = canvas.textures.plane(canvas.pixels(rng.uniform(10, 60)))[rows, columns]
        surface *= 1 + patches[..., None] * np.float32(rng.uniform(0.02, 0.10))
    canvas.paint(stamp, surface, "field")


def add_patches(canvas: Canvas, kind: str, count: int, low: float, high: float) -> None:
    """Natural patches of bare soil, snow or water (ponds), ``low`` to ``high`` metres across."""
    choices = {
        "bare soil": materials.SOIL,
        "snow": materials.SNOW,
        "pond": materials.WATER,
    }[kind]
    rng = canvas.rng
    for _ in range(count):
        radius = canvas.pixels(np.exp(rng.uniform(np.log(low), np.log(high)))) / 2
        if not 5 < radius < 0.5 * max(canvas.width, canvas.height):
            continue
        roughness = rng.uniform(0.05, 0.55)
        outline = blob(rng, _place(canvas), radius, roughness, rng.uniform(0.4, 1))
        if kind != "snow" and rng.random() < 0.2:
            size = (radius * 2, radius * rng.uniform(0.7, 2))
            outline = rectangle(_place(canvas), size, rng.uniform(0, np.pi))
        stamp = rasterize(outline, canvas.height, canvas.width)
        if stamp is None or canvas.covered(stamp, _SOLID) > 0.03:
            continue
        if kind == "pond":
            _paint_shore(canvas, outline)
            canvas.raise_ground(stamp, -rng.uniform(0.3, 3))
        surface = canvas.surface(stamp, pick(rng, choices, canvas.strangeness))
        if kind == "pond" and rng.random() < 0.4:  # shallows are lighter
            depth = canvas.edge_distance(stamp.mask) / max(2.0, radius * rng.uniform(0.1, 0.5))
            light = np.exp(-depth) * rng.uniform(0, 0.10)
            surface += light[..., None].astype(np.float32)
        canvas.paint(stamp, surface, kind)


def _paint_shore(canvas: Canvas, outline: Polygon) -> None:
    """A belt of reeds, mud or trees around water, part of the background."""
    if canvas.rng.random() < 0.5:
        return
    belt = canvas.pixels(canvas.rng.uniform(1, 8))
    centre = outline.mean(0)
    radius = float(np.linalg.norm(outline - centre, axis=1).mean())
    wider = centre + (outline - centre) * (1 + belt / max(radius, 1))
    stamp = rasterize(wider, canvas.height, canvas.width)
    if stamp is not None:
        choices = materials.GROUND + materials.SOIL + materials.TREES[-2:]
        canvas.paint(stamp, canvas.surface(stamp, pick(canvas.rng, choices, 0.1)), None, 0.9)


def add_line(canvas: Canvas, kind: str, width: float, bend: float) -> None:
    """A river or a road of a width in metres across the canvas."""
    rng = canvas.rng
    line = wandering_line(rng, canvas.height, canvas.width, bend)
    thickness = canvas.pixels(width)
    if thickness > 0.25 * min(canvas.width, canvas.height):
        return
    stamp = stroke(line, thickness, canvas.height, canvas.width)
    if stamp is None:
        return
    choices = materials.WATER if kind == "river" else materials.ROADS
    if rng.random() < 0.5:
        verge = stroke(line, thickness * rng.uniform(1.2, 2) + 1, canvas.height, canvas.width)
        if verge is not None:
            ground = pick(rng, materials.GROUND, 0.05)
            canvas.paint(verge, canvas.surface(verge, ground), None, 0.9)
    surface = canvas.surface(stamp, pick(rng, choices, canvas.strangeness))
    if kind == "river":
        canvas.raise_ground(stamp, -rng.uniform(0.5, 3))
    elif thickness > 9 and rng.random() < 0.6:  # the line along the middle
        marking = stroke(line, max(1, canvas.pixels(0.25)), canvas.height, canvas.width)
        if marking is not None:
            canvas.paint(stamp, surface, kind)
            inside = Stamp(stamp.row, stamp.column, _same_window(marking, stamp))
            light = canvas.bands[inside.window]
            light[inside.mask] = light[inside.mask] * 0.4 + 0.5
            return
    canvas.paint(stamp, surface, kind)


def _same_window(part: Stamp, whole: Stamp) -> Mask:
    """The part's mask in the window of the whole, within the whole."""
    mask: Mask = np.zeros_like(whole.mask)
    row, column = part.row - whole.row, part.column - whole.column
    if row < 0 or column < 0:
        return mask
    height = min(part.mask.shape[0], mask.shape[0] - row)
    width = min(part.mask.shape[1], mask.shape[1] - column)
    mask[row : row + height, column : column + width] = part.mask[:height, :width]
    return np.asarray(mask & whole.mask)


def add_forests(canvas: Canvas, count: int, low: float, high: float) -> None:
    """Closed canopies, each one object: crowns of one size lit from the sun's side."""
    rng = canvas.rng
    for _ in range(count):
        radius = canvas.pixels(np.exp(rng.uniform(np.log(low), np.log(high)))) / 2
        if not 8 < radius < 0.6 * max(canvas.width, canvas.height):
            continue
        outline = blob(rng, _place(canvas), radius, rng.uniform(0.05, 0.4), rng.uniform(0.35, 1))
        if rng.random() < 0.35:
            size = (radius * 2, radius * rng.uniform(0.4, 1.8))
            outline = rectangle(_place(canvas), size, rng.uniform(0, np.pi))
        stamp = rasterize(outline, canvas.height, canvas.width)
        if stamp is None or canvas.covered(stamp, _SOLID - {"forest"}) > 0.05:
            continue
        tall = rng.uniform(4, 20)
        canvas.shadow(stamp, tall)
        crown = max(canvas.pixels(rng.uniform(3, 9)) / 2, 1.0)
        canopy = canvas.textures.plane(crown)[stamp.window]
        material = pick(rng, materials.TREES, canvas.strangeness)
        surface = canvas.surface(stamp, material)
        slope_y, slope_x = np.gradient(canopy) if min(canopy.shape) > 1 else (canopy, canopy)
        sun_x, sun_y = _light(canvas)
        lit = -(slope_x * sun_x + slope_y * sun_y) * crown
        contrast = rng.uniform(0.05, 0.35)
        surface *= np.clip(1 + contrast * (lit + 0.4 * canopy), 0.25, 1.9)[..., None]
        canvas.raise_ground(stamp, np.asarray(tall + canopy * tall * 0.12, np.float32))
        canvas.paint(stamp, surface.astype(np.float32), "forest")


def _light(canvas: Canvas) -> tuple[np.float32, np.float32]:
    """Direction (x, y) that light travels in."""
    return np.float32(canvas.sun[0]), np.float32(canvas.sun[1])


def add_trees(canvas: Canvas, count: int, low: float, high: float) -> None:
    """Single crowns, ``low`` to ``high`` metres across, at random or in rows."""
    rng = canvas.rng
    material = pick(rng, materials.TREES, canvas.strangeness)
    row_start, row_step = None, np.zeros(2)
    for _ in range(count):
        if row_start is None or rng.random() < 0.12:
            row_start = _place(canvas)
            angle, gap = rng.uniform(0, 2 * np.pi), canvas.pixels(high * rng.uniform(1, 2.5))
            row_step = np.array([np.cos(angle), np.sin(angle)]) * gap
        in_row = rng.random() < 0.4
        centre = row_start if in_row else _place(canvas)
        row_start = row_start + row_step if in_row else row_start
        across = rng.uniform(low, high)
        radius = canvas.pixels(across) / 2
        if not 2.5 < radius < 150:
            continue
        outline = blob(rng, np.asarray(centre), radius, rng.uniform(0.03, 0.25), 1)
        stamp = rasterize(outline, canvas.height, canvas.width)
        if stamp is None or canvas.covered(stamp, frozenset({"forest", "tree", "river"})) > 0.1:
            continue
        tall = across * rng.uniform(0.7, 1.5)
        canvas.shadow(stamp, tall)
        if rng.random() < 0.3:
            material = pick(rng, materials.TREES, canvas.strangeness)
        rows, columns = stamp.mask.shape
        y = (np.arange(rows, dtype=np.float32)[:, None] + stamp.row - centre[1]) / radius
        x = (np.arange(columns, dtype=np.float32)[None, :] + stamp.column - centre[0]) / radius
        sun_x, sun_y = _light(canvas)
        facing = -(x * sun_x + y * sun_y)
        clumps = canvas.textures.plane(max(radius / 3, 1))[stamp.window]
        shade = 1 + rng.uniform(0.1, 0.4) * facing + rng.uniform(0.03, 0.15) * clumps
        surface = canvas.surface(stamp, material) * np.clip(shade, 0.3, 1.8)[..., None]
        dome = tall * np.clip(1.1 - 0.6 * (x * x + y * y), 0.2, 1)
        canvas.raise_ground(stamp, np.asarray(dome, np.float32))
        canvas.paint(stamp, surface.astype(np.float32), "tree")


def add_settlement(canvas: Canvas, side: float, density: float) -> None:
    """Houses on plots of about ``side`` metres, with paths and sheds."""
    rng = canvas.rng
    centre, reach = _place(canvas), rng.uniform(0.25, 1.2) * canvas.width
    family = materials.ROOFS if rng.random() < 0.5 else materials.ROOFS[:3]
    for quad in parcels(rng, canvas.height, canvas.width, canvas.pixels(side), rng.uniform(0.3, 1)):
        middle = quad.mean(0)
        if rng.random() > density or np.linalg.norm(middle - centre) > reach:
            continue
        edge = quad[1] - quad[0]
        angle = float(np.arctan2(edge[1], edge[0]) + rng.normal(0, 0.05))
        length = float(np.clip(side * rng.uniform(0.35, 0.7), 6, 45))
        depth = float(np.clip(length * rng.uniform(0.5, 1.0), 5, 30))
        offset = rng.normal(0, canvas.pixels(side) * 0.08, 2)
        _building(canvas, middle + offset, (length, depth), angle, family)
        if rng.random() < 0.35:
            away = rng.normal(0, canvas.pixels(side) * 0.28, 2)
            shed = (rng.uniform(3, 8), rng.uniform(3, 6))
            _building(canvas, middle + away, shed, angle, family)


def add_halls(canvas: Canvas, count: int) -> None:
    """Large flat roofs of works, barns and shops."""
    for _ in range(count):
        size = (canvas.rng.uniform(18, 110), canvas.rng.uniform(12, 60))
        _building(canvas, _place(canvas), size, canvas.rng.uniform(0, np.pi), None)


def _building(
    canvas: Canvas,
    centre: Polygon,
    size: tuple[float, float],
    angle: float,
    family: tuple[materials.Material, ...] | None,
) -> None:
    """One building with its shadow; ``family`` None makes a flat bright roof."""
    rng = canvas.rng
    extent = (canvas.pixels(size[0]), canvas.pixels(size[1]))
    if min(extent) < 4 or max(extent) > 0.6 * canvas.width:
        return
    stamp = rasterize(footprint(rng, centre, extent, angle), canvas.height, canvas.width)
    if stamp is None or canvas.covered(stamp, _SOLID) > 0.02:
        return
    tall = rng.uniform(3, 9) if family is not None else rng.uniform(4, 14)
    canvas.shadow(stamp, tall)
    along, across = canvas.local_grid(stamp, angle)
    middle = -centre[0] * np.sin(angle) + centre[1] * np.cos(angle)
    roofs = family if family is not None else (materials.ROOFS[4], materials.ROOFS[3])
    surface = canvas.surface(stamp, pick(rng, roofs, canvas.strangeness * 0.6))
    heights = np.full(stamp.mask.shape, tall, np.float32)
    if family is not None and rng.random() < 0.7:  # a ridge: one side lit, one side not
        lit = float(np.dot(canvas.sun, (-np.sin(angle), np.cos(angle))))
        contrast = rng.uniform(0.05, 0.3) * lit
        surface *= np.where(across > middle, 1 - contrast, 1 + contrast)[..., None]
        slope = np.abs(across - middle) / max(extent[1] / 2, 1)
        heights += np.asarray(tall * 0.4 * (1 - slope), np.float32)
    period = canvas.pixels(rng.uniform(0.4, 6))
    if period > 2.5 and rng.random() < 0.35:  # tiles, sheets, rows of skylights
        stripes = np.sin(along * (2 * np.pi / period)) * rng.uniform(0.01, 0.06)
        surface += np.asarray(stripes, np.float32)[..., None]
    canvas.raise_ground(stamp, heights)
    canvas.paint(stamp, surface, "building" if family is not None else "bright roof")
    if family is None and rng.random() < 0.6:
        _roof_units(canvas, stamp)


def _roof_units(canvas: Canvas, roof: Stamp) -> None:
    """Vents and skylights: small marks on a roof that stay part of it."""
    rng, region = canvas.rng, canvas.bands[roof.window]
    for _ in range(rng.integers(2, 12)):
        row, column = rng.integers(roof.mask.shape[0]), rng.integers(roof.mask.shape[1])
        half = max(1, int(canvas.pixels(rng.uniform(0.5, 2))))
        piece = (slice(max(row - half, 0), row + half), slice(max(column - half, 0), column + half))
        inside = roof.mask[piece]
        region[piece][inside] *= rng.uniform(0.5, 1.15)


def _place(canvas: Canvas) -> Polygon:
    """A random position on the canvas or a little beyond its edge."""
    return canvas.rng.uniform(-0.05, 1.05, 2) * (canvas.width, canvas.height)
