"""SAM3: points and boxes as in SAM2, and concepts, which are words and examples.

The trunk and the concept detector are classes of ``transformers``; the head for points and
boxes, and the memory, are classes of ``sam2``, to whose architecture those of SAM3 are equal.
Weights of either published layout are loaded; they are the user's own, under Meta's SAM License.
"""
