"""What is measured together: one model, batch, number of threads and instruction set; and the rows that must hold."""
import dataclasses
import pathlib

RESNET_224 = "resnet50-224"
RESNET_700 = "resnet50-700-grading"
APPLICATIONS = {"mobilenetv2-224": "MobileNetV2", "efficientnetb0-224": "EfficientNetB0", "densenet121-224": "DenseNet121",
                "vgg16-224": "VGG16", "inceptionv3-299": "InceptionV3"}  # in keras.applications, at their default size
TITLES = {RESNET_224: "ResNet50 v1 at 224", RESNET_700: "ResNet50 with its grading head at 700",
          **{name: f"{network} at {name.rsplit('-', 1)[1]}" for name, network in APPLICATIONS.items()}}


@dataclasses.dataclass(frozen=True)
class Case:
    model: str  # one of TITLES, or the path of a Keras file
    batch: int
    threads: int
    isa: str = ""  # "avx2": every engine is held to it, where it can be

    @property
    def title(self):
        held = f", held to {self.isa.upper()}" if self.isa else ""
        images = f"batch {self.batch} x {self.threads} thread{'s' if self.threads != 1 else ''}"
        return f"{TITLES.get(self.model, pathlib.Path(self.model).name)}, {images}{held}"


ONE_BY_ONE = Case(RESNET_224, 1, 1)
ONE_BY_TWO = Case(RESNET_224, 1, 2)
EIGHT_BY_TWO = Case(RESNET_224, 8, 2)
GRADING = Case(RESNET_700, 1, 2)
AVX2 = Case(RESNET_224, 1, 2, "avx2")
MATRIX = (ONE_BY_ONE, ONE_BY_TWO, EIGHT_BY_TWO, GRADING, AVX2)
NETWORKS = tuple(Case(name, 1, 2) for name in APPLICATIONS)
