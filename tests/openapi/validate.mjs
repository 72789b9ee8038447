// Validates the OpenAPI documents that are named: node validate.mjs FILE...
import SwaggerParser from '@apidevtools/swagger-parser';

for (const file of process.argv.slice(2)) {
  const { info } = await SwaggerParser.validate(file);
  console.log(`${file}: ${info.title} is valid`);
}
