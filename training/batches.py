"""A step's pictures and prompts as tensors, and its loss, all pictures at once on a device."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from training.feed import PATCH, FedPicture
from training.losses import CELL, GRID, Truth, decoder_loss
from training.network import decode, embed_points, encode, position_encoding

_DEPTHS = (1, 2, 4, 8, 16)
"""Cells by which errors are eroded one after the other, to find where they are deepest."""


@dataclass(frozen=True)
class Batch:
    """Pictures and the prompts of all of them.

    Attributes:
        pixels: (pictures, 3, PATCH, PATCH) float.
        labels: (pictures, PATCH, PATCH) uint8, k where object k is.
        picture: (objects,), the picture that an object is in.
        number: (objects,), its number in ``labels``.
        points: (objects, 2); boxes, bounds: (objects, 4), pixels.
        nothings: (boxes around nothing, 4) and ``nothing_picture``, the picture of each.
    """

    pixels: Tensor
    labels: Tensor
    picture: Tensor
    number: Tensor
    points: Tensor
    boxes: Tensor
    bounds: Tensor
    nothings: Tensor
    nothing_picture: Tensor


def batch_of(pictures: list[FedPicture], device: str) -> Batch:
    """Copy pictures to a device."""
    counts = [picture.counts.astype(int).tolist() for picture in pictures]
    objects = [number for number, _ in counts]

    def moved(parts: list[Any]) -> Tensor:
        array = torch.from_numpy(np.concatenate(parts))
        return (array.pin_memory() if device == "cuda" else array).to(device, non_blocking=True)

    pixels = moved([picture.picture[None] for picture in pictures])
    return Batch(
        pixels=pixels.permute(0, 3, 1, 2).float(),
        labels=moved([picture.labels[None] for picture in pictures]),
        picture=moved([np.full(count, index) for index, count in enumerate(objects)]),
        number=moved([np.arange(1, count + 1) for count in objects]),
        points=moved([p.points[:n] for p, n in zip(pictures, objects, strict=True)]),
        boxes=moved([p.boxes[:n] for p, n in zip(pictures, objects, strict=True)]),
        bounds=moved([p.bounds[:n] for p, n in zip(pictures, objects, strict=True)]),
        nothings=moved([p.nothings[:n] for p, (_, n) in zip(pictures, counts, strict=True)]),
        nothing_picture=moved([np.full(n, index) for index, (_, n) in enumerate(counts)]),
    )


def truth_of(batch: Batch) -> Truth:
    """The truth of all objects, as ``losses.look_at`` makes it of one picture's."""
    masks = batch.labels[batch.picture] == batch.number[:, None, None]
    cells = F.avg_pool2d(masks[:, None].float(), CELL)
    left, top, right, bottom = _windows(batch.bounds).unbind(1)
    places = torch.arange(PATCH // CELL, device=cells.device) * CELL
    inside_x = (places >= left[:, None]) & (places < right[:, None])
    inside_y = (places >= top[:, None]) & (places < bottom[:, None])
    outside = ~(inside_y[:, :, None] & inside_x[:, None, :])
    steps = torch.rand(2, len(masks), GRID, GRID, device=cells.device)
    grid = torch.arange(GRID, device=cells.device)
    across = (grid + steps[0]) / GRID * (right - left)[:, None, None]
    down = (grid[:, None] + steps[1]) / GRID * (bottom - top)[:, None, None]
    columns = (left[:, None, None] + across).long().clamp(max=PATCH - 1)
    rows = (top[:, None, None] + down).long().clamp(max=PATCH - 1)
    one = torch.arange(len(masks), device=cells.device)[:, None, None]
    return Truth(
        cells=cells,
        outside=outside[:, None].float(),
        positions=(torch.stack([columns, rows], -1).float() + 0.5) * 2 / PATCH - 1,
        pixels=masks[one, rows, columns][:, None].float(),
        area=((right - left) * (bottom - top) / CELL**2)[:, None],
    )


def _windows(bounds: Tensor) -> Tensor:
    """Whole cells round bounding boxes (objects, 4), a quarter wider and 8 pixels more."""
    left, top, right, bottom = bounds.unbind(1)
    wider, higher = (right - left) // 4 + 8, (bottom - top) // 4 + 8
    return torch.stack(
        [
            (left - wider).clamp(min=0) // CELL * CELL,
            (top - higher).clamp(min=0) // CELL * CELL,
            (-(-(right + wider) // CELL) * CELL).clamp(max=PATCH),
            (-(-(bottom + higher) // CELL) * CELL).clamp(max=PATCH),
        ],
        1,
    )


def batch_loss(network: Any, batch: Batch, clicked_share: float) -> tuple[Tensor, Tensor]:
    """The loss of a batch, and figures (7,) for the log.

    Every object is prompted by a box, a share also by a point; then these again by one or two
    clicks on the error, a fifth of them beside the box. Boxes around nothing have only scores,
    which are to be 0.
    """
    device = batch.pixels.device
    features = encode(network, batch.pixels, (0, 0))
    if torch.is_autocast_enabled(device.type):
        features = features.to(torch.get_autocast_dtype(device.type))
    positions = position_encoding(network, PATCH, (0, 0))
    truth = truth_of(batch)
    count = len(batch.picture)
    # drawn on the processor: a GPU's answer would have to be waited for
    drawn = torch.nonzero(torch.rand(count) < clicked_share)[:, 0]
    chosen, clicked = drawn.to(device, non_blocking=True), len(drawn)
    points = batch.points[chosen][:, None]
    first = torch.cat(
        [
            torch.cat([points, torch.zeros_like(points)], 1),
            batch.boxes.view(count, 2, 2),
            batch.nothings.view(-1, 2, 2),
        ]
    )
    kinds = torch.full((len(first), 2), 3, device=device)
    kinds[:, 0] = 2
    kinds[:clicked] = torch.tensor([1, -1], device=device)
    pictures = torch.cat([batch.picture[chosen], batch.picture, batch.nothing_picture])
    # SAM's convention: pixel centres at .5 are added inside, prompts come without
    tokens = embed_points(network, first - 0.5, kinds)
    logits, scores = decode(network, features.index_select(0, pictures), positions, tokens)
    asked = clicked + count
    single = torch.full((asked,), 0.65, device=device)
    single[:clicked] = 0.25
    prompted = torch.cat([chosen, torch.arange(count, device=device)])
    loss, quality = decoder_loss(logits[:asked], scores[:asked], truth[prompted], single)
    nothing = scores[asked:]
    if len(nothing):
        loss = loss + nothing.square().mean() * (len(nothing) / asked)
    picked = scores[:asked, 1:].detach().argmax(1)
    if clicked:
        guess = logits[:asked].detach()[torch.arange(asked, device=device), picked + 1] > 0
        guess[clicked:] = logits[clicked:asked, 0].detach() > 0
        more, labels = corrections(batch, chosen, truth.cells[chosen, 0], guess, clicked)
        tokens = embed_points(network, more - 0.5, labels)
        again = features.index_select(0, batch.picture[chosen])
        logits, scores2 = decode(network, again, positions, tokens)
        weight = torch.full((clicked,), 0.6, device=device)
        second, quality2 = decoder_loss(logits, scores2, truth[chosen], weight)
        loss = 2 * loss + second
        own = quality[:clicked, 1:].gather(1, picked[:clicked, None]).mean()
        corrected = quality2[:, 0].mean()
    else:
        loss = 2 * loss
        own = corrected = quality.new_tensor(float("nan"))
    figures = torch.stack(
        [
            quality[clicked:, 0].mean(),
            own,
            corrected,
            scores[clicked:asked, 0].detach().mean(),
            nothing[:, 0].detach().mean() if len(nothing) else quality.new_tensor(float("nan")),
            loss.detach(),
            quality.new_tensor(float(count)),
        ]
    )
    return loss, figures


def corrections(
    batch: Batch, chosen: Tensor, cells: Tensor, guess: Tensor, clicked: int
) -> tuple[Tensor, Tensor]:
    """Points (clicked, 4, 2) and labels: the first prompt and one or two clicks on its errors.

    Args:
        chosen: (clicked,) of the batch's objects.
        cells: (clicked, rows, columns), the objects' share of cells.
        guess: (prompts, rows, columns) bool, the answers to ``clicked`` points, then to boxes.
    """
    device = cells.device
    truth = cells > 0.5
    with_box = torch.rand(clicked, device=device) < 0.2
    answer = torch.where(with_box[:, None, None], guess[clicked:][chosen], guess[:clicked])
    points = torch.zeros(clicked, 4, 2, device=device)
    labels = torch.full((clicked, 4), -1, device=device)
    points[:, 0], labels[:, 0] = batch.points[chosen], 1
    corners = batch.boxes[chosen].view(-1, 2, 2)
    points[:, 2:] = torch.where(with_box[:, None, None], corners, points[:, 2:])
    box_labels = torch.tensor([2, 3], device=device).expand(clicked, 2)
    labels[:, 2:] = torch.where(with_box[:, None], box_labels, labels[:, 2:])
    labels[:, 0] = torch.where(with_box, -1, labels[:, 0])
    twice = torch.rand(clicked, device=device) < 0.5
    for turn in (0, 1):
        place, label = _deepest_error(truth, answer)
        if turn == 0:
            points[:, 1], labels[:, 1] = place, label
            reach = truth.sum((1, 2)).sqrt().mul(0.5).clamp(min=3)
            near = _discs(place / CELL, reach, truth.shape[1])
            answer = torch.where(near, truth, answer)
            continue
        # a lone point's second correction takes the place of a box's first corner
        free = twice & ~with_box
        points[:, 2] = torch.where(free[:, None], place, points[:, 2])
        labels[:, 2] = torch.where(free, label, labels[:, 2])
    return points, labels


def _deepest_error(truth: Tensor, answer: Tensor) -> tuple[Tensor, Tensor]:
    """Where (objects, 2), in pixels, an answer is most wrong; 1 if missing there, 0 if too much.

    Where nothing is wrong, somewhere in the object.
    """
    missing, excess = _depth(truth & ~answer), _depth(answer & ~truth)
    label = (missing.flatten(1).amax(1) >= excess.flatten(1).amax(1)).long()
    depth = torch.where(label[:, None, None] > 0, missing, excess)
    right = depth.flatten(1).amax(1) <= 0
    depth = torch.where(right[:, None, None], truth.float(), depth)
    label = torch.where(right, 1, label)
    drawn = depth + 0.9 * torch.rand_like(depth)
    place = drawn.flatten(1).argmax(1)
    side = truth.shape[2]
    return (torch.stack([place % side, place // side], 1) + 0.5) * CELL, label


def _depth(mask: Tensor) -> Tensor:
    """How many of the erosions a mask (objects, rows, columns) lives through, at each cell."""
    inside = mask[:, None].float()
    depth = inside
    for radius in _DEPTHS:
        width = 2 * radius + 1
        gone = F.max_pool2d(1 - inside, (1, width), 1, (0, radius))
        inside = 1 - F.max_pool2d(gone, (width, 1), 1, (radius, 0))
        depth = depth + inside
    return depth[:, 0]


def _discs(centres: Tensor, radii: Tensor, side: int) -> Tensor:
    places = torch.arange(side, device=centres.device)
    across = (places - centres[:, :1]).square()[:, None, :]
    down = (places - centres[:, 1:]).square()[:, :, None]
    return across + down <= radii.square()[:, None, None]
