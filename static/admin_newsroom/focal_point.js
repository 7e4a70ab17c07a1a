// The focal point on the picture itself: by a click, a finger or the arrow keys; the crops follow.
// Without this script the two numbers are typed, and the crops are those that were made.

const STEP = 0.01;
const LARGE_STEP = 0.1;
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const within = (value) => Math.min(1, Math.max(0, value));

// Arabic digits and the Arabic decimal sign, as the server reads them.
function typedNumber(text) {
    const ascii = text.replace(/[٠-٩]/g, (digit) => "٠١٢٣٤٥٦٧٨٩".indexOf(digit)).replace(/[٫,،]/, ".");
    const number = Number.parseFloat(ascii);
    return Number.isNaN(number) ? 0.5 : within(number);
}

class FocalPoint {
    constructor(box, x, y) {
        this.box = box;
        this.inputs = [x, y];
        this.size = [Number(box.dataset.width), Number(box.dataset.height)];
        this.frame = box.querySelector(".focus-picture");
        this.place = box.querySelector(".focus-place");
        this.point = this.makePoint();
        box.querySelector(".focus-help").hidden = false;
        // The crops as they would be cut, out of the whole picture.
        for (const picture of box.querySelectorAll("[data-shape] img")) {
            picture.src = this.frame.querySelector("img").src;
        }
        this.frame.addEventListener("pointerdown", (event) => this.onPointer(event));
        this.point.addEventListener("keydown", (event) => this.onKey(event));
        for (const input of this.inputs) {
            input.addEventListener("input", () => this.show());
        }
        this.show();
    }

    makePoint() {
        const point = document.createElement("button");
        point.type = "button";
        point.className = "focus-point";
        this.frame.append(point);
        return point;
    }

    values() {
        return this.inputs.map((input) => typedNumber(input.value));
    }

    set(values) {
        values.forEach((value, index) => {
            this.inputs[index].value = within(value).toFixed(2);
            this.inputs[index].dispatchEvent(new Event("change", { bubbles: true }));
        });
        this.show();
    }

    onPointer(event) {
        if (event.button !== 0) {
            return;
        }
        event.preventDefault();
        const follow = ({ clientX, clientY }) => {
            const edge = this.frame.getBoundingClientRect();
            this.set([(clientX - edge.left) / edge.width, (clientY - edge.top) / edge.height]);
        };
        follow(event);
        this.point.focus();
        this.frame.setPointerCapture(event.pointerId);
        this.frame.addEventListener("pointermove", follow);
        const end = () => this.frame.removeEventListener("pointermove", follow);
        this.frame.addEventListener("pointerup", end, { once: true });
        this.frame.addEventListener("pointercancel", end, { once: true });
    }

    onKey(event) {
        const direction = KEYS[event.key];
        if (!direction) {
            return;
        }
        event.preventDefault();
        const step = event.shiftKey ? LARGE_STEP : STEP;
        this.set(this.values().map((value, index) => value + direction[index] * step));
    }

    show() {
        const [x, y] = this.values();
        this.point.style.left = `${x * 100}%`;
        this.point.style.top = `${y * 100}%`;
        const digits = new Intl.NumberFormat(`ar-u-nu-${document.querySelector("meta[name=newsroom-digits]")?.content ?? "latn"}`, { style: "percent" });
        const words = this.box.dataset.place.replace("%(x)s", digits.format(x)).replace("%(y)s", digits.format(y));
        this.place.textContent = words;
        this.point.setAttribute("aria-label", `${this.box.dataset.label}: ${words}`);
        for (const frame of this.box.querySelectorAll("[data-shape]")) {
            frame.querySelector("img").style.objectPosition = this.cut(frame.dataset.shape, [x, y]);
        }
    }

    // The box of images.cropping.crop_box, as CSS says it.
    cut(shape, focus) {
        const [wide, high] = shape.split(":").map(Number);
        const [width, height] = this.size;
        const box = [Math.min(width, (height * wide) / high), Math.min(height, (width * high) / wide)];
        return focus
            .map((part, index) => {
                const room = this.size[index] - box[index];
                const start = Math.min(Math.max(0, this.size[index] * part - box[index] / 2), room);
                return `${room > 0 ? (start / room) * 100 : 50}%`;
            })
            .join(" ");
    }
}

const box = document.querySelector("[data-focus]");
const [x, y] = ["id_focal_x", "id_focal_y"].map((id) => document.getElementById(id));
if (box && x && y) {
    new FocalPoint(box, x, y);
}
