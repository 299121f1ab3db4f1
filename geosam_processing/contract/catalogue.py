"""The models that GeoSAM knows: what each is, and where its official file comes from.

Both sides import this module, so it needs the standard library only and runs on Python 3.9.
"""

from __future__ import annotations

from dataclasses import dataclass

BUNDLED_MODEL = "geosam_nano"
RECOMMENDED_MODEL = "sam2.1_hiera_base_plus"

_SAM_URL = "https://dl.fbaipublicfiles.com/segment_anything/"
_SAM2_URL = "https://dl.fbaipublicfiles.com/segment_anything_2/072824/"
_SAM21_URL = "https://dl.fbaipublicfiles.com/segment_anything_2/092824/"
_SAM3_PAGE = "https://huggingface.co/facebook/sam3"
_SAM31_PAGE = "https://huggingface.co/facebook/sam3.1"


@dataclass(frozen=True)
class PublishedFile:
    """A file of which others have published the hash; nobody has confirmed it to us."""

    name: str
    sha256: str


@dataclass(frozen=True)
class ModelEntry:
    """One model.

    Attributes:
        id: how users name it.
        family: ``sam``, ``sam2`` (SAM2 and SAM2.1) or ``sam3`` (SAM3 and SAM 3.1).
        patch_size: side of its square input, in pixels.
        official_file: name of the checkpoint as its makers publish it.
        sha256: of that file, lower case; None if it is not fixed.
        size: of that file in bytes; 0 if it is not fixed.
        parameters: how many numbers the network holds.
        licence: SPDX identifier of the weights' licence.
        title: name for people.
        url: where the official file can be downloaded; empty for the bundled model.
        embedding_size: side of its image embedding, in tokens.
        gated: the page where its license has to be accepted before anybody may download it;
            empty for the others.
        other_file: name in the model folder of a file of the other layout that is taken as well.
        published: files of a gated model.
    """

    id: str
    family: str
    patch_size: int
    official_file: str
    sha256: str | None
    size: int
    parameters: int
    licence: str
    title: str
    url: str = ""
    embedding_size: int = 64
    gated: str = ""
    other_file: str = ""
    published: tuple[PublishedFile, ...] = ()

    @property
    def bundled(self) -> bool:
        """Whether the checkpoint comes with the plugin."""
        return not self.url


def _official(
    model_id: str, title: str, url: str, size: int, parameters: int, sha256: str
) -> ModelEntry:
    return ModelEntry(
        id=model_id,
        family="sam" if model_id.startswith("vit_") else "sam2",
        patch_size=1024,
        official_file=url.rsplit("/", 1)[1],
        sha256=sha256,
        size=size,
        parameters=parameters,
        licence="Apache-2.0",
        title=title,
        url=url,
    )


_ENTRIES = (
    ModelEntry(
        id=BUNDLED_MODEL,
        family="sam",
        patch_size=512,
        official_file="geosam_nano.pt",
        sha256=None,
        size=0,
        parameters=7_846_064,
        licence="GPL-2.0-or-later",
        title="GeoSAM nano (bundled)",
    ),
    _official(
        "vit_b",
        "SAM ViT-B",
        _SAM_URL + "sam_vit_b_01ec64.pth",
        375_042_383,
        93_735_472,
        # pragma: allowlist nextline secret
        "ec2df62732614e57411cdcf32a23ffdf28910380d03139ee0f4fcbe91eb8c912",
    ),
    _official(
        "vit_l",
        "SAM ViT-L",
        _SAM_URL + "sam_vit_l_0b3195.pth",
        1_249_524_607,
        312_342_832,
        # pragma: allowlist nextline secret
        "3adcc4315b642a4d2101128f611684e8734c41232a17c648ed1693702a49a622",
    ),
    _official(
        "vit_h",
        "SAM ViT-H",
        _SAM_URL + "sam_vit_h_4b8939.pth",
        2_564_550_879,
        641_090_608,
        # pragma: allowlist nextline secret
        "a7bf3b02f3ebf1267aba913ff637d9a2d5c33d3173bb679e46d9f338c26f262e",
    ),
    _official(
        "sam2_hiera_tiny",
        "SAM2 tiny",
        _SAM2_URL + "sam2_hiera_tiny.pt",
        155_906_050,
        38_945_986,
        # pragma: allowlist nextline secret
        "65b50056e05bcb13694174f51bb6da89c894b57b75ccdf0ba6352c597c5d1125",
    ),
    _official(
        "sam2_hiera_small",
        "SAM2 small",
        _SAM2_URL + "sam2_hiera_small.pt",
        184_309_650,
        46_043_842,
        # pragma: allowlist nextline secret
        "95949964d4e548409021d47b22712d5f1abf2564cc0c3c765ba599a24ac7dce3",
    ),
    _official(
        "sam2_hiera_base_plus",
        "SAM2 base+",
        _SAM2_URL + "sam2_hiera_base_plus.pt",
        323_493_298,
        80_833_666,
        # pragma: allowlist nextline secret
        "d0bb7f236400a49669ffdd1be617959a8b1d1065081789d7bbff88eded3a8071",
    ),
    _official(
        "sam2_hiera_large",
        "SAM2 large",
        _SAM2_URL + "sam2_hiera_large.pt",
        897_952_466,
        224_430_130,
        # pragma: allowlist nextline secret
        "7442e4e9b732a508f80e141e7c2913437a3610ee0c77381a66658c3a445df87b",
    ),
    _official(
        "sam2.1_hiera_tiny",
        "SAM2.1 tiny",
        _SAM21_URL + "sam2.1_hiera_tiny.pt",
        156_008_466,
        38_962_498,
        # pragma: allowlist nextline secret
        "7402e0d864fa82708a20fbd15bc84245c2f26dff0eb43a4b5b93452deb34be69",
    ),
    _official(
        "sam2.1_hiera_small",
        "SAM2.1 small",
        _SAM21_URL + "sam2.1_hiera_small.pt",
        184_416_285,
        46_060_354,
        # pragma: allowlist nextline secret
        "6d1aa6f30de5c92224f8172114de081d104bbd23dd9dc5c58996f0cad5dc4d38",
    ),
    _official(
        "sam2.1_hiera_base_plus",
        "SAM2.1 base+",
        _SAM21_URL + "sam2.1_hiera_base_plus.pt",
        323_606_802,
        80_850_178,
        # pragma: allowlist nextline secret
        "a2345aede8715ab1d5d31b4a509fb160c5a4af1970f199d9054ccfb746c004c5",
    ),
    _official(
        "sam2.1_hiera_large",
        "SAM2.1 large",
        _SAM21_URL + "sam2.1_hiera_large.pt",
        898_083_611,
        224_446_642,
        # pragma: allowlist nextline secret
        "2647878d5dfa5098f2f8649825738a9345572bae2d4350a2468587ece47dd318",
    ),
    ModelEntry(
        id="sam3",
        family="sam3",
        patch_size=1008,
        official_file="sam3.pt",
        sha256=None,
        size=0,
        parameters=859_922_104,
        licence="LicenseRef-SAM-License",
        title="SAM3",
        url=_SAM3_PAGE + "/resolve/main/sam3.pt",
        embedding_size=72,
        gated=_SAM3_PAGE,
        other_file="sam3.safetensors",
        published=(
            PublishedFile(
                "sam3.pt",
                # pragma: allowlist nextline secret
                "9999e2341ceef5e136daa386eecb55cb414446a00ac2b55eb2dfd2f7c3cf8c9e",
            ),
            PublishedFile(
                "model.safetensors",
                # pragma: allowlist nextline secret
                "6d06f0a5f84e435071fe6603e61d0b4cc7b40e0d39d487cfd4d67d8cc11cc14a",
            ),
        ),
    ),
    ModelEntry(
        id="sam3.1",
        family="sam3",
        patch_size=1008,
        official_file="sam3.1_multiplex.pt",
        sha256=None,
        size=0,
        # Those that points and boxes use.
        parameters=465_782_402,
        licence="LicenseRef-SAM-License",
        title="SAM 3.1 (untested)",
        url=_SAM31_PAGE + "/resolve/main/sam3.1_multiplex.pt",
        embedding_size=72,
        gated=_SAM31_PAGE,
        other_file="sam3.1_multiplex.safetensors",
        published=(
            PublishedFile(
                "sam3.1_multiplex.pt",
                # pragma: allowlist nextline secret
                "0567debeec80ba4ac6369540c6c248025283cb3ff2b92827509e57e2b3541cb6",
            ),
        ),
    ),
)

# What each model is good for, in a few words.
GOOD_FOR = {
    BUNDLED_MODEL: "a first try, tests, machines without network",
    "vit_b": "images with little memory at hand; encodes slowly without a GPU",
    "vit_l": "finer masks than vit_b, with a GPU",
    "vit_h": "the finest masks of the first SAM, with a large GPU",
    "sam2_hiera_tiny": "many patches without a GPU; superseded by sam2.1_hiera_tiny",
    "sam2_hiera_small": "superseded by sam2.1_hiera_small",
    "sam2_hiera_base_plus": "superseded by sam2.1_hiera_base_plus",
    "sam2_hiera_large": "superseded by sam2.1_hiera_large",
    "sam2.1_hiera_tiny": "many patches without a GPU",
    "sam2.1_hiera_small": "a little finer than tiny, a little slower",
    "sam2.1_hiera_base_plus": "most work: fine masks, bearable without a GPU",
    "sam2.1_hiera_large": "the finest masks, with a GPU",
    "sam3": "objects by words and examples, and points and boxes; slow without a GPU",
    "sam3.1": "points and boxes; nobody has tried it with GeoSAM yet",
}

CATALOGUE: dict[str, ModelEntry] = {entry.id: entry for entry in _ENTRIES}

# Geo-SAM's names of the same models; its caches and settings files carry them.
GEO_SAM_IDS = {
    "sam_b": "vit_b",
    "sam_l": "vit_l",
    "sam_h": "vit_h",
    "sam2_t": "sam2_hiera_tiny",
    "sam2_s": "sam2_hiera_small",
    "sam2_b": "sam2_hiera_base_plus",
    "sam2_l": "sam2_hiera_large",
    "sam2.1_t": "sam2.1_hiera_tiny",
    "sam2.1_s": "sam2.1_hiera_small",
    "sam2.1_b": "sam2.1_hiera_base_plus",
    "sam2.1_l": "sam2.1_hiera_large",
    "sam3": "sam3",
    "sam3.1_multiplex": "sam3.1",
}


def find_entry(name: str) -> ModelEntry | None:
    """The model of an id of ours or of Geo-SAM's; None if there is none."""
    return CATALOGUE.get(GEO_SAM_IDS.get(name, name))


def geosam_file(model_id: str) -> str:
    """The file name of a model's checkpoint in Geo-SAM; empty if Geo-SAM has no such model."""
    names = [f"{theirs}.pt" for theirs, ours in GEO_SAM_IDS.items() if ours == model_id]
    return names[0] if names else ""


def model_of_file_name(file_name: str) -> str | None:
    """The id of the model whose checkpoint is usually called so; None if nobody's is.

    Takes a name or a path, of any platform; official names and Geo-SAM's are known.
    """
    name = file_name.replace("\\", "/").rsplit("/", 1)[-1]
    for entry in CATALOGUE.values():
        if name and name in (entry.official_file, entry.other_file):
            return entry.id
    entry_of_stem = find_entry(name.rsplit(".", 1)[0])
    return entry_of_stem.id if entry_of_stem else None
