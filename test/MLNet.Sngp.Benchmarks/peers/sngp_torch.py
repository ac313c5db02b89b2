#!/usr/bin/env python3
"""SNGP and its plain residual network in PyTorch, to be timed beside MLNet.Sngp.

The same work as the library's with the TensorFlow tutorial's settings: frozen projection to 128 units, 6 residual layers
with dropout 0.1, soft spectral norm 0.9 by one power iteration a step on the stored weights, 1,024 random features,
cross-entropy, L2 of 1e-6 on the output weights, Adam, batches of 128, the precision matrix of the last epoch alone (a
reset at each epoch's start makes the others' useless). Batches are taken by index from tensors; no DataLoader.

Prints one line of JSON. Threads are as the environment says (OMP_NUM_THREADS, OMP_WAIT_POLICY).
"""

import argparse
import json
import math
import time

import torch
import torch.nn.functional as F
from torch import nn

UNITS, LAYERS, RANDOM_FEATURES, CLASSES = 128, 6, 1024, 2
DROPOUT, BOUND, RIDGE, MEAN_FIELD, DECAY = 0.1, 0.9, 1.0, math.pi / 8, 1e-6
BATCH, LEARNING_RATE = 128, 1e-4


class SpectralNormLinear(nn.Linear):
    """A dense layer whose stored weight is scaled down to a largest singular value of at most `bound`."""

    def __init__(self, inputs, outputs, bound):
        super().__init__(inputs, outputs)
        self.bound = bound
        self.register_buffer("u", F.normalize(torch.randn(outputs), dim=0))

    @torch.no_grad()
    def project(self):
        v = F.normalize(self.weight.t() @ self.u, dim=0)
        wv = self.weight @ v
        sigma = wv.norm()
        self.u.copy_(wv / sigma)
        self.weight.mul_((self.bound / sigma).clamp(max=1.0))

    def forward(self, x):
        if self.training:
            self.project()
        return super().forward(x)


class ResidualNetwork(nn.Module):
    def __init__(self, features, dense):
        super().__init__()
        self.projection = initial(nn.Linear(features, UNITS)).requires_grad_(False)
        self.layers = nn.ModuleList(initial(dense(UNITS, UNITS)) for _ in range(LAYERS))
        self.dropout = nn.Dropout(DROPOUT)

    def forward(self, x):
        hidden = self.projection(x)
        for layer in self.layers:
            hidden = hidden + self.dropout(torch.relu(layer(hidden)))
        return hidden


class Plain(nn.Module):
    def __init__(self, features):
        super().__init__()
        self.network = ResidualNetwork(features, nn.Linear)
        self.head = initial(nn.Linear(UNITS, CLASSES))

    def forward(self, x):
        return self.head(self.network(x))

    def loss(self, x, y, gather):
        return F.cross_entropy(self(x), y)

    def finish(self):
        pass

    def score(self, x):
        return (torch.softmax(self(x), dim=1),)


class Sngp(nn.Module):
    def __init__(self, features):
        super().__init__()
        self.network = ResidualNetwork(features, lambda inputs, outputs: SpectralNormLinear(inputs, outputs, BOUND))
        self.register_buffer("directions", torch.randn(RANDOM_FEATURES, UNITS))
        self.register_buffer("phases", 2 * math.pi * torch.rand(RANDOM_FEATURES))
        self.register_buffer("precision", RIDGE * torch.eye(RANDOM_FEATURES))
        self.register_buffer("covariance", torch.zeros(RANDOM_FEATURES, RANDOM_FEATURES))
        self.beta = initial(nn.Linear(RANDOM_FEATURES, CLASSES, bias=False))
        self.amplitude = math.sqrt(2.0 / RANDOM_FEATURES)

    def random_features(self, x):
        return self.amplitude * torch.cos(F.linear(self.network(x), self.directions, self.phases))

    def loss(self, x, y, gather):
        phi = self.random_features(x)
        if gather:
            with torch.no_grad():
                self.precision.addmm_(phi.t(), phi)
        return F.cross_entropy(self.beta(phi), y) + DECAY * self.beta.weight.square().sum()

    @torch.no_grad()
    def finish(self):
        self.covariance.copy_(RIDGE * torch.cholesky_inverse(torch.linalg.cholesky(self.precision)))

    def score(self, x):
        """Probabilities after the mean-field adjustment, and the variance, row by row."""
        phi = self.random_features(x)
        variance = (phi @ self.covariance).mul_(phi).sum(dim=1, keepdim=True)
        logits = self.beta(phi) / torch.sqrt(1 + MEAN_FIELD * variance)
        return torch.softmax(logits, dim=1), variance


def initial(layer):
    nn.init.xavier_uniform_(layer.weight)
    if layer.bias is not None:
        nn.init.zeros_(layer.bias)
    return layer


def two_moons(rows):
    angle = math.pi * torch.arange(rows // 2) / (rows // 2 - 1)
    upper = torch.stack([torch.cos(angle) - 0.1, torch.sin(angle) + 0.2], dim=1)
    lower = torch.stack([1.1 - torch.cos(angle), 0.3 - torch.sin(angle)], dim=1)
    x = torch.cat([upper, lower])
    return x + 0.1 * torch.randn_like(x), torch.arange(rows) // (rows // 2)


class Training:
    def __init__(self, model, x, y):
        self.model, self.x, self.y = model.train(), x, y
        self.optimizer = torch.optim.Adam([p for p in model.parameters() if p.requires_grad], lr=LEARNING_RATE)

    def epoch(self, gather):
        rows, total = len(self.x), 0.0
        order = torch.randperm(rows)
        for start in range(0, rows, BATCH):
            batch = order[start:start + BATCH]
            self.optimizer.zero_grad()
            loss = self.model.loss(self.x[batch], self.y[batch], gather)
            loss.backward()
            self.optimizer.step()
            total += loss.item() * len(batch)
        return total / rows


def train(make, epochs, rows=1000):
    x, y = two_moons(rows)
    model = make(2)
    training = Training(model, x, y)
    for epoch in range(epochs):
        training.epoch(gather=epoch == epochs - 1)
    model.finish()
    return model.eval()


def time_training(make, args):
    train(make, epochs=2)
    return seconds_of(lambda: train(make, args.epochs)), "s"


def time_epoch(args):
    Training(Sngp(2), *two_moons(4000)).epoch(gather=False)
    training = Training(Sngp(2), *two_moons(args.rows))
    return median([seconds_of(lambda: training.epoch(gather=False)) for _ in range(args.passes)]), "s"


def time_scoring(make, args):
    model = train(make, epochs=2)
    batches = (7 * torch.rand(args.rows, 2) - 3.5).split(args.batch)

    @torch.inference_mode()
    def score():
        for batch in batches:
            model.score(batch)

    return args.rows / median(repeat(score, args.seconds)), "rows/s"


def time_grid(args):
    model = train(Sngp, epochs=2)
    axis_x, axis_y = torch.linspace(-3.5, 3.5, 100), torch.linspace(-2.5, 2.5, 100)
    grid = torch.cartesian_prod(axis_x, axis_y)

    @torch.inference_mode()
    def score():
        model.score(grid)

    return median(repeat(score, args.seconds)), "s"


def time_row(args):
    model = train(Sngp, epochs=2)
    row = torch.rand(1, 2)

    @torch.inference_mode()
    def score():
        for _ in range(100):
            model.score(row)

    return median(repeat(score, args.seconds)) / 100 * 1000, "ms"


def repeat(work, seconds):
    """The seconds of each run: first some to warm up, then as many as fit into `seconds`, at least 5."""
    end = time.perf_counter() + seconds / 2
    while time.perf_counter() < end:
        work()
    times, end = [], time.perf_counter() + seconds
    while len(times) < 5 or time.perf_counter() < end:
        times.append(seconds_of(work))
    return times


def seconds_of(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def median(values):
    return sorted(values)[len(values) // 2]


def peak_megabytes():
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024


def libraries():
    """The OpenMP runtimes and BLAS libraries in this process."""
    with open("/proc/self/maps", encoding="utf-8") as maps:
        names = {line.rsplit("/", 1)[1].strip() for line in maps if "/" in line}
    return sorted(name for name in names if name.startswith(("libgomp", "libomp", "libiomp", "libopenblas", "libblas", "libmkl")))


WORKS = {
    "train-sngp": lambda args: time_training(Sngp, args),
    "train-plain": lambda args: time_training(Plain, args),
    "epoch": time_epoch,
    "score-sngp": lambda args: time_scoring(Sngp, args),
    "score-plain": lambda args: time_scoring(Plain, args),
    "row": time_row,
    "grid": time_grid,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("work", choices=WORKS)
    parser.add_argument("--rows", type=int, default=40960, help="rows of an epoch, or of a pass of scoring")
    parser.add_argument("--batch", type=int, default=1024, help="rows scored at once")
    parser.add_argument("--epochs", type=int, default=100, help="epochs of a training")
    parser.add_argument("--passes", type=int, default=1, help="epochs measured; the median counts")
    parser.add_argument("--seconds", type=float, default=1.5, help="how long scoring is measured, after half as long to warm up")
    args = parser.parse_args()
    torch.manual_seed(1)
    value, unit = WORKS[args.work](args)
    print(json.dumps({
        "work": args.work,
        "implementation": f"PyTorch {torch.__version__}",
        "value": value,
        "unit": unit,
        "threads": torch.get_num_threads(),
        "peakMegabytes": round(peak_megabytes(), 1),
        "libraries": libraries(),
    }))


if __name__ == "__main__":
    main()
