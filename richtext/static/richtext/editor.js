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
});

/* CKEditor's Arabic calls the alternative text the title of the picture. */
CKEDITOR.on("dialogDefinition", ({ editor, data: { name, definition } }) => {
  if (name === "image2") {
    const fields = definition.getContents("info");
    fields.get("alt").label = editor.config.labels.alternativeText;
    fields.get("hasCaption").label = editor.config.labels.withCaption;
  }
});

/* The sentence of images.views.upload; "" when somebody else answered, such as a proxy that refuses a large body. */
function reasonIn(request) {
  try {
    return JSON.parse(request.responseText).error.message;
  } catch {
    return "";
  }
}
