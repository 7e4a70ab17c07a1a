/* Runs after ckeditor.js. */
"use strict";

/* The editor's uploads carry the CSRF token of their form, and a refusal shows our reason. */
CKEDITOR.on("instanceCreated", ({ editor }) => {
  const token = document.querySelector("input[name=csrfmiddlewaretoken]");
  if (token) {
    CKEDITOR.config.fileTools_requestHeaders = { "X-CSRFToken": token.value };
  }

  editor.on("fileUploadRequest", ({ data: { fileLoader } }) => {
    fileLoader.on("error", () => {
      fileLoader.message = reasonIn(fileLoader.xhr) || fileLoader.message;
    });
  });

  /* A picture that was dropped has no words yet: they are asked for once it stands in the text. The dialog of a
     picture, which uploads too, has a place for them. */
  editor.on("fileUploadResponse", ({ data: { fileLoader } }) => {
    const use = answerIn(fileLoader.xhr).use;
    if (use && !CKEDITOR.dialog.getCurrent()) {
      fileLoader.once("uploaded", () => setTimeout(() => askForWords(editor, fileLoader.url, use)));
    }
  });
});

/* CKEditor's Arabic calls the alternative text the title of the picture. */
CKEDITOR.on("dialogDefinition", ({ editor, data: { name, definition } }) => {
  if (name === "image2") {
    const fields = definition.getContents("info");
    fields.get("alt").label = editor.config.labels.alternativeText;
    fields.get("hasCaption").label = editor.config.labels.withCaption;
  }
});

/* The button that opens the picture library; the window is that of the page (admin_newsroom/picture_picker.js). */
CKEDITOR.plugins.add("picturelibrary", {
  init(editor) {
    editor.addCommand("picturelibrary", {
      async: true,
      exec: () => pick(editor, ({ figure }) => editor.insertHtml(figure)),
      allowedContent: "figure(image); figcaption; img[!src,alt,width,height]",
    });
    editor.ui.addButton("PictureLibrary", {
      label: editor.config.pictureLibrary.label,
      command: "picturelibrary",
      toolbar: "insert",
    });
  },
});

function pick(editor, put, start = "") {
  const { address, failed } = editor.config.pictureLibrary;
  // Where the cursor stands is forgotten while a window is open.
  const bookmarks = editor.getSelection()?.createBookmarks2();
  const giveBack = () => {
    editor.focus();
    if (bookmarks) {
      editor.getSelection().selectBookmarks(bookmarks);
    }
    editor.fire("afterCommandExec", { name: "picturelibrary", command: editor.getCommand("picturelibrary") });
  };
  const done = (picture) => {
    giveBack();
    put(picture);
    editor.fire("saveSnapshot");
  };
  const detail = { address, place: "body", failed, start, done, closed: giveBack };
  document.dispatchEvent(new CustomEvent("newsroom:pick-picture", { detail }));
}

const unasked = [];
let isAsking = false;

/* One picture after the other, where several were dropped. */
function askForWords(editor, source, use) {
  unasked.push([editor, source, use]);
  if (!isAsking) {
    askNext();
  }
}

function askNext() {
  const next = unasked.shift();
  isAsking = Boolean(next);
  if (!next) {
    return;
  }
  const [editor, source, use] = next;
  const { address, failed } = editor.config.pictureLibrary;
  const goOn = () => setTimeout(askNext);
  const done = ({ figure }) => {
    const dropped = Object.values(editor.widgets.instances).find(({ data }) => data.src === source);
    if (dropped) {
      dropped.focus();
    }
    editor.insertHtml(figure);
    editor.fire("saveSnapshot");
    goOn();
  };
  const detail = { address, place: "body", failed, start: use, done, closed: goOn };
  document.dispatchEvent(new CustomEvent("newsroom:pick-picture", { detail }));
}

/* The sentence of images.views.upload; "" when somebody else answered, such as a proxy that refuses a large body. */
function reasonIn(request) {
  return answerIn(request).error?.message ?? "";
}

function answerIn(request) {
  try {
    return JSON.parse(request.responseText);
  } catch {
    return {};
  }
}
